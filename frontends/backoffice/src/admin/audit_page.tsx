import { answer, type Schemas } from "@acme/api/backoffice";
import { Badge } from "@acme/ui/badge";
import { Button } from "@acme/ui/button";
import { PageHeader } from "@acme/ui/card";
import { Field } from "@acme/ui/field";
import { Input, Select } from "@acme/ui/input";
import { BROWSER_LOCALE, dateTime } from "@acme/ui/lib/format";
import { Empty } from "@acme/ui/states";
import { useInfiniteQuery } from "@tanstack/react-query";
import { ScrollText } from "lucide-react";
import { customPeriod } from "@/dashboard/period";
import { type Services, useServices } from "@/services";
import { Listed } from "@/shell/loaded";
import { paged } from "@/shell/paged";
import { useParameters } from "@/shell/parameters";
import { Title } from "@/shell/title";

type AuditEvent = Schemas["AuditEventOut"];
type Category = Schemas["AuditCategory"];

const CATEGORIES: [Category, string][] = [
  ["auth", "Signing in"],
  ["consent", "Consent"],
  ["review", "Review"],
  ["money", "Money"],
  ["webhook", "Webhooks"],
  ["admin", "Administration"],
];
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const OWN_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

function eventsQuery({ backoffice }: Services, filters: URLSearchParams) {
  const category = CATEGORIES.find(([name]) => name === filters.get("category"))?.[0];
  const subject = filters.get("subject")?.trim() ?? "";
  const period = customPeriod(filters.get("from") ?? "", filters.get("to") ?? "", OWN_ZONE);
  const wanted = {
    ...period,
    ...(category && { category }),
    ...(UUID.test(subject) && { subject_id: subject }),
  };
  return paged<AuditEvent>(["audit", wanted], (page) =>
    answer(backoffice.GET("/v1/admin/audit-events", { params: { query: { ...page, ...wanted } } })),
  );
}

export function Component() {
  const { query, set, reset } = useParameters();
  const events = useInfiniteQuery(eventsQuery(useServices(), query));
  const subject = query.get("subject") ?? "";
  return (
    <>
      <Title>Audit log</Title>
      <PageHeader title="Audit log" description="Who did what, and when." />
      <div className="mb-5 flex flex-wrap items-end gap-3">
        <Field label="Kind" className="min-w-44">
          <Select
            value={query.get("category") ?? ""}
            onChange={({ target }) => set("category", target.value)}
          >
            <option value="">All</option>
            {CATEGORIES.map(([name, label]) => (
              <option key={name} value={name}>
                {label}
              </option>
            ))}
          </Select>
        </Field>
        <Field
          label="About (id)"
          className="min-w-64"
          error={subject && !UUID.test(subject.trim()) ? "That is no complete id" : undefined}
        >
          <Input value={subject} onChange={({ target }) => set("subject", target.value)} />
        </Field>
        <Field label="From">
          <Input
            type="date"
            value={query.get("from") ?? ""}
            onChange={({ target }) => set("from", target.value)}
          />
        </Field>
        <Field label="To">
          <Input
            type="date"
            value={query.get("to") ?? ""}
            onChange={({ target }) => set("to", target.value)}
          />
        </Field>
        {query.size > 0 && (
          <Button look="ghost" onClick={reset}>
            Reset
          </Button>
        )}
      </div>
      <Listed
        query={events}
        what="The log"
        empty={<Empty icon={ScrollText} title="Nothing fits these filters" />}
      >
        {(items) => (
          <ol className="divide-y rounded-lg border bg-surface">
            {items.map((event) => (
              <Row key={event.id} event={event} />
            ))}
          </ol>
        )}
      </Listed>
    </>
  );
}

/** Guests have no name here: the log is not for reading who they are. */
function nameless(role: AuditEvent["actor_role"]): string {
  if (role === null) return "nobody signed in";
  return role === "user" ? "a guest" : role;
}

function Row({ event }: { event: AuditEvent }) {
  const facts: [string, string | null][] = [
    ["Actor", event.actor_id],
    ["About", event.subject_id],
    ["Address", event.ip],
    ["Request", event.request_id],
    ...Object.entries(event.details).map(([name, value]): [string, string] => [name, JSON.stringify(value)]),
  ];
  return (
    <li>
      <details className="px-4 py-3 text-sm">
        <summary className="flex min-h-10 cursor-pointer flex-wrap items-center gap-x-4 gap-y-1">
          <time
            dateTime={event.occurred_at}
            className="w-48 whitespace-nowrap text-muted-foreground tabular-nums max-sm:w-full"
          >
            {dateTime(event.occurred_at, BROWSER_LOCALE)}
          </time>
          <Badge>{event.action}</Badge>
          <span>
            {event.actor_name ?? nameless(event.actor_role)}
            {event.actor_name && <span className="text-muted-foreground"> ({event.actor_role})</span>}
          </span>
        </summary>
        <dl className="mt-2 grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1 pl-1">
          {facts
            .filter(([, value]) => value !== null)
            .map(([name, value]) => (
              <div key={name} className="contents">
                <dt className="text-muted-foreground">{name}</dt>
                <dd className="font-mono text-xs break-all">{value}</dd>
              </div>
            ))}
        </dl>
      </details>
    </li>
  );
}
