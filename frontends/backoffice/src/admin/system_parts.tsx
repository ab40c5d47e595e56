import type { Schemas } from "@acme/api/backoffice";
import { Badge } from "@acme/ui/badge";
import { BROWSER_LOCALE, dateTime, duration } from "@acme/ui/lib/format";
import { Empty } from "@acme/ui/states";
import { Table, TableRow, Td, Th } from "@acme/ui/table";
import { CircleCheck, ServerOff } from "lucide-react";
import type { ReactNode } from "react";

type System = Schemas["SystemOut"];
type Dependency = Schemas["DependencyOut"];
type Worker = Schemas["WorkerOut"];

const TONES: Record<Dependency["state"], "success" | "danger" | "warning"> = {
  up: "success",
  down: "danger",
  unknown: "warning",
};

function Section({ title, note, children }: { title: string; note?: ReactNode; children: ReactNode }) {
  return (
    <section className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <div className="flex flex-wrap items-baseline justify-between gap-2">
        <h2 className="font-semibold">{title}</h2>
        {note && <p className="text-sm text-muted-foreground">{note}</p>}
      </div>
      {children}
    </section>
  );
}

export function Dependencies({ dependencies }: { dependencies: Dependency[] }) {
  return (
    <Section title="Dependencies">
      <ul className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
        {dependencies.map(({ name, state, latency_ms, told_by }) => (
          <li
            key={name}
            className="flex items-center justify-between gap-3 rounded-lg border bg-surface px-4 py-3"
          >
            <div className="grid">
              <span className="font-medium">{name.replaceAll("_", " ")}</span>
              <span className="text-xs text-muted-foreground">told by {told_by}</span>
            </div>
            <div className="grid justify-items-end gap-1">
              <Badge tone={TONES[state]}>{state}</Badge>
              <span className="text-xs text-muted-foreground tabular-nums">
                {latency_ms === null ? "no worker tells" : `${latency_ms} ms`}
              </span>
            </div>
          </li>
        ))}
      </ul>
    </Section>
  );
}

export function Queues({ system }: { system: System }) {
  const note = `Outbox: ${system.outbox.unpushed} due and not in their queue`;
  return (
    <Section title="Queues" note={note}>
      <Table label="Queues">
        <thead>
          <TableRow>
            <Th>Queue</Th>
            <Th className="text-right">Waiting</Th>
            <Th className="text-right">Running</Th>
            <Th className="text-right">For later</Th>
            <Th className="text-right">Workers</Th>
            <Th>Oldest waiting</Th>
          </TableRow>
        </thead>
        <tbody>
          {system.queues.map((queue) => (
            <TableRow key={queue.name}>
              <Td className="font-medium">{queue.name}</Td>
              <Td label="Waiting" className="text-right tabular-nums">
                {queue.waiting}
              </Td>
              <Td label="Running" className="text-right tabular-nums">
                {queue.running}
              </Td>
              <Td label="For later" className="text-right tabular-nums">
                {queue.scheduled}
              </Td>
              <Td label="Workers" className="text-right tabular-nums">
                {queue.worker_count}
              </Td>
              <Td label="Oldest waiting">
                {queue.oldest_waiting_job === null
                  ? "none"
                  : `${queue.oldest_waiting_job}, ${duration(queue.oldest_waiting_s, BROWSER_LOCALE)}`}
              </Td>
            </TableRow>
          ))}
        </tbody>
      </Table>
    </Section>
  );
}

export function Workers({ workers }: { workers: Worker[] }) {
  return (
    <Section title="Workers">
      {workers.length === 0 ? (
        <Empty icon={ServerOff} title="No worker's heart beats" />
      ) : (
        <Table label="Workers">
          <thead>
            <TableRow>
              <Th>Queue</Th>
              <Th>Runs</Th>
              <Th>Since</Th>
              <Th>Worker</Th>
            </TableRow>
          </thead>
          <tbody>
            {workers.map((worker) => (
              <TableRow key={worker.name}>
                <Td className="font-medium">{worker.queue}</Td>
                <Td label="Runs">{doing(worker)}</Td>
                <Td label="Since">{dateTime(worker.started_at, BROWSER_LOCALE)}</Td>
                <Td label="Worker" className="font-mono text-xs">
                  {worker.name}
                </Td>
              </TableRow>
            ))}
          </tbody>
        </Table>
      )}
    </Section>
  );
}

function doing({ jobs }: Worker): string {
  const counts = new Map<string, number>();
  for (const { name } of jobs) counts.set(name, (counts.get(name) ?? 0) + 1);
  if (counts.size === 0) return "nothing";
  return [...counts].map(([name, count]) => (count === 1 ? name : `${name} × ${count}`)).join(", ");
}

export function DeadJobs({ jobs }: { jobs: Schemas["DeadJobsOut"][] }) {
  return (
    <Section title="Dead letters" note="Jobs that failed for good">
      {jobs.length === 0 ? (
        <Empty icon={CircleCheck} title="None" />
      ) : (
        <Table label="Dead letters">
          <thead>
            <TableRow>
              <Th>Job</Th>
              <Th className="text-right">How many</Th>
              <Th>The last</Th>
            </TableRow>
          </thead>
          <tbody>
            {jobs.map(({ name, count, last_at }) => (
              <TableRow key={name}>
                <Td className="font-medium">{name}</Td>
                <Td label="How many" className="text-right tabular-nums">
                  {count}
                </Td>
                <Td label="The last">{last_at && dateTime(last_at, BROWSER_LOCALE)}</Td>
              </TableRow>
            ))}
          </tbody>
        </Table>
      )}
    </Section>
  );
}

export function Versions({ system }: { system: System }) {
  const { versions, schema_revision: schema } = system;
  const facts: [string, string][] = [
    ["Platform", versions.platform],
    ["Schema", schema.database ?? "none"],
    ["Schema of the code", schema.code ?? "none"],
    ["Python", versions.python],
    ["PostgreSQL", versions.database],
    ["Queue server", versions.queue ?? "away"],
  ];
  return (
    <Section title="Versions">
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-6 gap-y-1 text-sm">
        {facts.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-muted-foreground">{name}</dt>
            <dd className="tabular-nums">{value}</dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}
