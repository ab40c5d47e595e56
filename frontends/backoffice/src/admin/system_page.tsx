import { answer, type Schemas } from "@acme/api/backoffice";
import { Badge } from "@acme/ui/badge";
import { PageHeader } from "@acme/ui/card";
import { BROWSER_LOCALE, dateTime } from "@acme/ui/lib/format";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { type Services, useServices } from "@/services";
import { Loaded } from "@/shell/loaded";
import { Title } from "@/shell/title";
import { DeadJobs, Dependencies, Queues, Versions, Workers } from "./system_parts";

type System = Schemas["SystemOut"];

const REFRESH_MS = 10_000;
const LONG_WAIT_S = 600;
const DEEP_OUTBOX = 100;
/** Jobs that were not pushed at once wait for it. */
const RELAY = "acme:relay";

function systemQuery({ backoffice }: Services) {
  return queryOptions({
    queryKey: ["system"],
    queryFn: () => answer(backoffice.GET("/v1/admin/system")),
    refetchInterval: REFRESH_MS,
  });
}

export function Component() {
  const system = useQuery(systemQuery(useServices()));
  return (
    <>
      <Title>System</Title>
      <PageHeader
        title="System"
        description="Queues, workers and what they depend on, as they are now."
        actions={
          system.data && (
            <p className="text-sm text-muted-foreground tabular-nums">
              {dateTime(system.data.at, BROWSER_LOCALE)}, every ten seconds
            </p>
          )
        }
      />
      <Loaded query={system} what="The state of the system">
        {(data) => (
          <div className="grid grid-cols-[minmax(0,1fr)] gap-8">
            <Verdict system={data} />
            <Dependencies dependencies={data.dependencies} />
            <Queues system={data} />
            <Workers workers={data.workers} />
            <DeadJobs jobs={data.dead_jobs} />
            <Versions system={data} />
          </div>
        )}
      </Loaded>
    </>
  );
}

/** What somebody who is called at night must know first. */
function Verdict({ system }: { system: System }) {
  const troubles = [...troublesOf(system)];
  return (
    <div role="status" className="flex flex-wrap items-center gap-2">
      {troubles.length === 0 ? (
        <Badge tone="success">All is well</Badge>
      ) : (
        troubles.map((trouble) => (
          <Badge key={trouble} tone="danger">
            {trouble}
          </Badge>
        ))
      )}
    </div>
  );
}

function* troublesOf(system: System): Generator<string> {
  for (const { name, state } of system.dependencies) {
    if (state === "down") yield `${name} is down`;
  }
  for (const queue of system.queues) {
    if (queue.worker_count === 0) yield `nobody works on ${queue.name}`;
    if (queue.oldest_waiting_s > LONG_WAIT_S) yield `${queue.name} is behind`;
  }
  if (!system.workers.some(({ queue }) => queue === RELAY)) yield "no relay runs";
  if (system.outbox.unpushed > DEEP_OUTBOX) yield `${system.outbox.unpushed} jobs are not in their queues`;
  if (system.schema_revision.database !== system.schema_revision.code) yield "the schema is not the code's";
}
