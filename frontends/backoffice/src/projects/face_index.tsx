import { answer } from "@acme/api/backoffice";
import { Button } from "@acme/ui/button";
import { Card, CardHeader } from "@acme/ui/card";
import { Confirm } from "@acme/ui/confirm";
import { Field } from "@acme/ui/field";
import { Textarea } from "@acme/ui/input";
import { dateTime } from "@acme/ui/lib/format";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useAccount, useServices } from "@/services";
import { Loaded } from "@/shell/loaded";
import { useChange } from "@/shell/use_change";
import { faceIndexQuery, projectKeys } from "./queries";

/** The services take no shorter one: a word is no attestation. */
const SHORTEST = 20;

/** Whether the templates of all faces are kept: only where everybody in the photos has agreed. */
export function FaceIndex({ projectId }: { projectId: string }) {
  const index = useQuery(faceIndexQuery(useServices(), projectId));
  return (
    <Card>
      <CardHeader
        title="Index all faces"
        description="Guests who come late are found at once. For that, biometric templates of all faces are kept, also of people who are no guests."
      />
      <Loaded query={index} what="The setting">
        {(found) =>
          found.enabled ? (
            <Enabled
              projectId={projectId}
              attestation={found.attestation ?? ""}
              at={found.enabled_at}
              by={found.enabled_by}
            />
          ) : (
            <Attestation projectId={projectId} />
          )
        }
      </Loaded>
    </Card>
  );
}

interface EnabledProps {
  projectId: string;
  attestation: string;
  at: string | null;
  by: string | null;
}

function Enabled({ projectId, attestation, at, by }: EnabledProps) {
  const { id, locale } = useAccount();
  const change = useFaceIndex(projectId, "The templates are being erased");
  return (
    <div className="grid gap-4">
      <blockquote className="border-l-2 pl-4 text-sm whitespace-pre-wrap">{attestation}</blockquote>
      <p className="text-sm text-muted-foreground">
        {`Attested by ${by === id ? "you" : (by ?? "somebody who is gone")}`}
        {at && `, ${dateTime(at, locale ?? "en")}`}
      </p>
      <Confirm
        trigger={
          <Button look="secondary" className="justify-self-start" isBusy={change.isPending}>
            Turn off
          </Button>
        }
        title="Keep no more templates?"
        description="Those that are kept are erased. Guests are found as before, late ones more slowly."
        confirmLabel="Erase the templates"
        cancelLabel="Keep them"
        onConfirm={() => change.mutate(null)}
      />
    </div>
  );
}

function Attestation({ projectId }: { projectId: string }) {
  const [text, setText] = useState("");
  const change = useFaceIndex(projectId, "All faces are being indexed");
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        change.mutate(text.trim());
      }}
    >
      <Field
        label="Who has agreed to it, and how"
        hint={`It is kept with your name and the time: at least ${SHORTEST} letters.`}
      >
        <Textarea
          rows={3}
          maxLength={2000}
          value={text}
          onChange={({ target }) => setText(target.value)}
          placeholder="All runners agreed in writing when they registered."
        />
      </Field>
      <Button
        type="submit"
        look="secondary"
        className="justify-self-start"
        isBusy={change.isPending}
        disabled={text.trim().length < SHORTEST}
      >
        Index all faces
      </Button>
    </form>
  );
}

function useFaceIndex(projectId: string, done: string) {
  const { backoffice } = useServices();
  const params = { path: { project_id: projectId } };
  return useChange({
    run: (attestation: string | null) =>
      answer(
        backoffice.PUT("/v1/projects/{project_id}/face-index", {
          params,
          body: { enabled: attestation !== null, attestation },
        }),
      ),
    changes: [projectKeys.part(projectId, "face-index")],
    done,
  });
}
