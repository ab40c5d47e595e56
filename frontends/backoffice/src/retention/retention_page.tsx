import { answer, type Schemas } from "@acme/api/backoffice";
import { Card, CardHeader, PageHeader } from "@acme/ui/card";
import { Field } from "@acme/ui/field";
import { Input } from "@acme/ui/input";
import { Table, TableRow, Td, Th } from "@acme/ui/table";
import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { type Services, useServices } from "@/services";
import { Loaded } from "@/shell/loaded";
import { useParameters } from "@/shell/parameters";
import { Title } from "@/shell/title";
import { chosenDay } from "./chosen_day";

type Simulation = Schemas["RetentionSimulation"];
type Due = Simulation["items"][number];

/** What is told of an operator's events; the platform's own rules are not simulated. */
const RULES: Partial<Record<Due["rule"], { title: string; kept: string }>> = {
  event_faces: { title: "Events whose faces go", kept: "after an event" },
  inactive_guests: { title: "Guests whose selfies go", kept: "after they were last here" },
  unanswered_consents: { title: "Consents that go", kept: "after their text has changed, unanswered" },
  archives: { title: "ZIP archives that go", kept: "after they were packed" },
};

function simulationQuery({ backoffice }: Services, on: string) {
  return queryOptions({
    queryKey: ["retention", on],
    queryFn: () => answer(backoffice.GET("/v1/retention/simulation", { params: { query: { on } } })),
    placeholderData: keepPreviousData,
  });
}

export function Component() {
  const { query, set } = useParameters();
  const on = chosenDay(query.get("on"), new Date());
  const simulation = useQuery(simulationQuery(useServices(), on));
  return (
    <>
      <Title>Retention</Title>
      <PageHeader
        title="Retention"
        description="What our programs will have deleted by a day, if nothing else happens until then."
      />
      <Field label="By the end of" className="mb-6 max-w-48">
        <Input type="date" value={on} onChange={({ target }) => set("on", target.value)} />
      </Field>
      <Loaded query={simulation} what="The simulation">
        {({ items, events }) => (
          <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
            <Counts items={items} />
            <Events events={events} />
          </div>
        )}
      </Loaded>
    </>
  );
}

function Counts({ items }: { items: Due[] }) {
  return (
    <dl className="grid gap-4 sm:grid-cols-2 xl:grid-cols-4">
      {items.map(({ rule, count, kept_days }) => (
        <div key={rule} className="grid content-start gap-1 rounded-lg border bg-surface p-4 shadow-xs">
          <dt className="text-sm text-muted-foreground">{RULES[rule]?.title ?? rule}</dt>
          <dd className="text-2xl font-semibold tabular-nums">{count}</dd>
          <dd className="text-sm text-muted-foreground">
            {kept_days} days {RULES[rule]?.kept}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Events({ events }: { events: Simulation["events"] }) {
  return (
    <Card>
      <CardHeader
        title="Events whose faces go"
        description="The photos stay. Guests who come later are found by hand only."
      />
      {events.length === 0 ? (
        <p className="text-sm text-muted-foreground">None by then.</p>
      ) : (
        <Table label="Events whose faces go" isNarrow>
          <thead>
            <TableRow>
              <Th>Event</Th>
              <Th className="text-right">Faces</Th>
            </TableRow>
          </thead>
          <tbody>
            {events.map(({ project_id, name, faces }) => (
              <TableRow key={project_id}>
                <Td>
                  <Link
                    to={`/projects/${project_id}/overview`}
                    className="underline-offset-4 hover:underline"
                  >
                    {name}
                  </Link>
                </Td>
                <Td className="text-right tabular-nums">{faces}</Td>
              </TableRow>
            ))}
          </tbody>
        </Table>
      )}
    </Card>
  );
}
