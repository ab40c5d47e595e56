import { answer, type Schemas } from "@acme/api/backoffice";
import { Badge } from "@acme/ui/badge";
import { Button } from "@acme/ui/button";
import { Card } from "@acme/ui/card";
import { Confirm } from "@acme/ui/confirm";
import { Select } from "@acme/ui/input";
import { dateTime } from "@acme/ui/lib/format";
import { Empty } from "@acme/ui/states";
import { useInfiniteQuery } from "@tanstack/react-query";
import { CircleCheck, Users } from "lucide-react";
import { Link } from "react-router";
import { SelfieFrame } from "@/review/framed";
import { useAccount, useServices } from "@/services";
import { Listed } from "@/shell/loaded";
import { useParameters } from "@/shell/parameters";
import { useChange } from "@/shell/use_change";
import { useProject } from "./project_page";
import { projectKeys, selfieConflictsQuery } from "./queries";

type SelfieConflict = Schemas["SelfieConflictOut"];

/** Guests whose selfies show one face. What follows from it is decided photo by photo, in review. */
export function Component() {
  const project = useProject();
  const { query, set } = useParameters();
  const isResolved = query.has("resolved");
  const conflicts = useInfiniteQuery(selfieConflictsQuery(useServices(), project.id, isResolved));
  return (
    <div className="grid max-w-4xl grid-cols-[minmax(0,1fr)] gap-4">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <Select
          aria-label="Which selfie conflicts"
          className="max-w-44"
          value={isResolved ? "yes" : ""}
          onChange={({ target }) => set("resolved", target.value)}
        >
          <option value="">To look at</option>
          <option value="yes">Looked at</option>
        </Select>
        <Button asChild look="secondary">
          <Link to={`/projects/${project.id}/review`}>To the review</Link>
        </Button>
      </div>
      <Listed query={conflicts} what="The selfie conflicts" empty={<Nothing isResolved={isResolved} />}>
        {(items) => (
          <ul aria-label="Selfie conflicts" className="grid grid-cols-[minmax(0,1fr)] gap-4">
            {items.map((conflict) => (
              <li key={conflict.id}>
                <Pair conflict={conflict} />
              </li>
            ))}
          </ul>
        )}
      </Listed>
    </div>
  );
}

function Nothing({ isResolved }: { isResolved: boolean }) {
  return isResolved ? (
    <Empty icon={CircleCheck} title="You have looked at none yet" />
  ) : (
    <Empty icon={Users} title="No two guests have the same face">
      When the selfies of two guests show the same face, one of them may have sent somebody else's picture.
      You get a mail then, and find both here.
    </Empty>
  );
}

function Pair({ conflict }: { conflict: SelfieConflict }) {
  const locale = useAccount().locale ?? "en";
  const names = namesOf(conflict);
  return (
    <Card className="grid gap-4">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <h2 className="min-w-0 font-semibold break-words">{names}</h2>
        <Badge tone="accent">{conflict.confidence.toFixed(1)} % alike</Badge>
      </div>
      <div className="grid max-w-xl grid-cols-2 gap-2 sm:gap-4">
        {conflict.guests.map((guest) => (
          <div key={guest.user_id} className="grid min-w-0 content-start gap-1">
            <SelfieFrame candidate={guest} />
            <p className="text-sm break-words text-muted-foreground">{guest.email}</p>
          </div>
        ))}
      </div>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="text-sm text-muted-foreground">
          Found {dateTime(conflict.found_at, locale)}
          {conflict.resolved_at && <> · Looked at {dateTime(conflict.resolved_at, locale)}</>}
        </p>
        {!conflict.resolved_at && <Resolution conflict={conflict} names={names} />}
      </div>
    </Card>
  );
}

function Resolution({ conflict, names }: { conflict: SelfieConflict; names: string }) {
  const { backoffice } = useServices();
  const resolution = useChange({
    run: () =>
      answer(
        backoffice.POST("/v1/selfie-conflicts/{conflict_id}/resolve", {
          params: { path: { conflict_id: conflict.id } },
        }),
      ),
    changes: [projectKeys.part(conflict.project_id, "selfie-conflicts")],
    done: "Put with those that you have looked at",
  });
  return (
    <Confirm
      trigger={
        <Button look="secondary" isBusy={resolution.isPending}>
          I have looked at them<span className="sr-only">: {names}</span>
        </Button>
      }
      title={`Have you looked at ${names}?`}
      description="They may be one person with two accounts, or twins: then nothing is to be done. If one of them sent somebody else's picture, reject that guest's photos in review. This cannot be taken back, and you are not told of the two again."
      confirmLabel="I have looked at them"
      cancelLabel="Not yet"
      look="primary"
      onConfirm={() => resolution.mutate()}
    />
  );
}

function namesOf({ guests }: SelfieConflict): string {
  return guests.map((guest) => guest.name).join(" and ");
}
