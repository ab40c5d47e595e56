import { answer } from "@acme/api/backoffice";
import { Button } from "@acme/ui/button";
import { Card, CardHeader } from "@acme/ui/card";
import { Confirm } from "@acme/ui/confirm";
import { Input } from "@acme/ui/input";
import { useInfiniteQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useServices } from "@/services";
import { Listed } from "@/shell/loaded";
import { useChange } from "@/shell/use_change";
import { useProject } from "./project_page";
import { type Coach, coachesQuery, projectKeys } from "./queries";

export function Component() {
  const project = useProject();
  const coaches = useInfiniteQuery(coachesQuery(useServices(), project.id));
  return (
    <Card className="max-w-2xl">
      <CardHeader title="Coaches" description="Who looks after the guests at this event." />
      <div className="grid gap-4">
        <NewCoach projectId={project.id} />
        <Listed
          query={coaches}
          what="The coaches"
          empty={<p className="text-sm text-muted-foreground">Nobody yet.</p>}
        >
          {(items) => (
            <ul className="divide-y">
              {items.map((coach) => (
                <Row key={`${coach.id}.${coach.version}`} coach={coach} />
              ))}
            </ul>
          )}
        </Listed>
      </div>
    </Card>
  );
}

function NewCoach({ projectId }: { projectId: string }) {
  const { backoffice } = useServices();
  const [name, setName] = useState("");
  const path = { project_id: projectId };
  const creation = useChange({
    run: () =>
      answer(backoffice.POST("/v1/projects/{project_id}/coaches", { params: { path }, body: { name } })),
    changes: [projectKeys.part(projectId, "coaches")],
    done: `${name} is added`,
  });
  function submit(event: FormEvent) {
    event.preventDefault();
    creation.mutate(undefined, { onSuccess: () => setName("") });
  }
  return (
    <form className="flex gap-2" onSubmit={submit}>
      <Input
        aria-label="Name of the new coach"
        placeholder="Name"
        value={name}
        onChange={({ target }) => setName(target.value)}
      />
      <Button type="submit" isBusy={creation.isPending} disabled={!name.trim()}>
        Add
      </Button>
    </form>
  );
}

function Row({ coach }: { coach: Coach }) {
  const { backoffice } = useServices();
  const [name, setName] = useState(coach.name);
  const path = { project_id: coach.project_id, coach_id: coach.id };
  const changes = [projectKeys.part(coach.project_id, "coaches")];
  const renaming = useChange({
    run: () =>
      answer(
        backoffice.PATCH("/v1/projects/{project_id}/coaches/{coach_id}", {
          params: { path },
          body: { name, version: coach.version },
        }),
      ),
    changes,
    done: "Saved",
  });
  const deletion = useChange({
    run: () =>
      answer(backoffice.DELETE("/v1/projects/{project_id}/coaches/{coach_id}", { params: { path } })),
    changes,
  });
  return (
    <li className="flex flex-wrap items-center gap-2 py-3">
      <Input
        aria-label={`Name of ${coach.name}`}
        className="max-w-64"
        value={name}
        onChange={({ target }) => setName(target.value)}
      />
      {name !== coach.name && (
        <Button isBusy={renaming.isPending} disabled={!name.trim()} onClick={() => renaming.mutate()}>
          Save
        </Button>
      )}
      <span className="ml-auto">
        <Confirm
          trigger={
            <Button look="ghost" isBusy={deletion.isPending} aria-label={`Remove ${coach.name}`}>
              Remove
            </Button>
          }
          title={`Remove ${coach.name}?`}
          description="The coach is taken off this project."
          confirmLabel="Remove"
          cancelLabel="Cancel"
          onConfirm={() => deletion.mutate()}
        />
      </span>
    </li>
  );
}
