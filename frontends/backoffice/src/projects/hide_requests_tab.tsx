import { answer, type Schemas } from "@acme/api/backoffice";
import { Badge } from "@acme/ui/badge";
import { Button } from "@acme/ui/button";
import { Dialog, DialogContent, DialogTrigger } from "@acme/ui/dialog";
import { dateTime } from "@acme/ui/lib/format";
import { Empty } from "@acme/ui/states";
import { Table, TableRow, Td, Th } from "@acme/ui/table";
import { useInfiniteQuery } from "@tanstack/react-query";
import { EyeOff } from "lucide-react";
import { FaceFrame } from "@/review/face_crop";
import { useAccount, useServices } from "@/services";
import { Listed } from "@/shell/loaded";
import { useChange } from "@/shell/use_change";
import { useProject } from "./project_page";
import { hideRequestsQuery, projectKeys } from "./queries";

type HideRequest = Schemas["HideRequestOut"];

const STATES = {
  pending: { label: "to decide", tone: "warning" },
  accepted: { label: "accepted", tone: "success" },
  declined: { label: "declined", tone: "neutral" },
} as const;
const WISHES = { blur: "Blur their face", withhold: "Withhold the photo" } as const;

export function Component() {
  const project = useProject();
  const requests = useInfiniteQuery(hideRequestsQuery(useServices(), project.id));
  return (
    <Listed
      query={requests}
      what="The requests"
      empty={
        <Empty icon={EyeOff} title="Nobody has asked to be hidden">
          Guests who do not want to be seen in a photo ask in their gallery, and you decide here.
        </Empty>
      }
    >
      {(items) => (
        <Table label="Requests to be hidden">
          <thead>
            <TableRow>
              <Th>Photo</Th>
              <Th>Guest</Th>
              <Th>Wish</Th>
              <Th>Asked</Th>
              <Th>State</Th>
              <Th>
                <span className="sr-only">Decision</span>
              </Th>
            </TableRow>
          </thead>
          <tbody>
            {items.map((request) => (
              <Row key={request.id} request={request} projectId={project.id} />
            ))}
          </tbody>
        </Table>
      )}
    </Listed>
  );
}

function Row({ request, projectId }: { request: HideRequest; projectId: string }) {
  const locale = useAccount().locale ?? "en";
  const state = STATES[request.state];
  return (
    <TableRow>
      <Td>
        <WholePhoto request={request} />
      </Td>
      <Td label="Guest" className="font-medium">
        {request.guest_name}
      </Td>
      <Td label="Wish" className="min-w-56 whitespace-normal">
        {WISHES[request.kind]}
        {request.reason && <span className="block text-sm text-muted-foreground">{request.reason}</span>}
        {request.other_purchases > 0 && (
          <span className="block text-sm text-muted-foreground">
            {request.other_purchases === 1
              ? "Bought by another guest, whose copies change with it"
              : `Bought by ${request.other_purchases} other guests, whose copies change with it`}
          </span>
        )}
      </Td>
      <Td label="Asked">{dateTime(request.created_at, locale)}</Td>
      <Td label="State">
        <Badge tone={state.tone}>{state.label}</Badge>
        {request.state !== "pending" && !request.is_done && (
          <span className="block text-xs text-muted-foreground">being drawn</span>
        )}
      </Td>
      <Td className="text-right">
        <Decision request={request} projectId={projectId} />
      </Td>
    </TableRow>
  );
}

/** What is to be decided about: with the face that its guest wants blurred in a frame. */
function WholePhoto({ request }: { request: HideRequest }) {
  const { photo_url: url, thumbnail_url: thumbnail, face_box: box, guest_name: name } = request;
  if (!thumbnail || !url) return <span className="text-muted-foreground">not ready</span>;
  return (
    <Dialog>
      <DialogTrigger
        className="block size-16 overflow-hidden rounded"
        aria-label={`The photo that ${name} is in`}
      >
        <img src={thumbnail} alt="" className="size-full object-cover" />
      </DialogTrigger>
      <DialogContent title={`The photo that ${name} is in`} className="w-fit sm:max-w-[92vw]">
        <div className="relative mx-auto w-fit">
          <img
            src={url}
            alt={box ? `With the face of ${name} framed` : ""}
            className="max-h-[65dvh] min-h-40 w-auto max-w-full rounded-md bg-muted"
          />
          {box && <FaceFrame box={box} />}
        </div>
      </DialogContent>
    </Dialog>
  );
}

function Decision({ request, projectId }: { request: HideRequest; projectId: string }) {
  const { backoffice } = useServices();
  const decide = useChange({
    run: (state: "accepted" | "declined") =>
      answer(
        backoffice.PATCH("/v1/hide-requests/{hide_request_id}", {
          params: { path: { hide_request_id: request.id } },
          body: { state },
        }),
      ),
    changes: [projectKeys.part(projectId, "hide-requests")],
    done: `${request.guest_name} gets a mail that says so`,
  });
  return (
    <div className="flex justify-end gap-2">
      {request.state !== "accepted" && (
        <Button look="secondary" isBusy={decide.isPending} onClick={() => decide.mutate("accepted")}>
          Accept<span className="sr-only"> the wish of {request.guest_name}</span>
        </Button>
      )}
      {request.state !== "declined" && (
        <Button look="secondary" isBusy={decide.isPending} onClick={() => decide.mutate("declined")}>
          Decline<span className="sr-only"> the wish of {request.guest_name}</span>
        </Button>
      )}
    </div>
  );
}
