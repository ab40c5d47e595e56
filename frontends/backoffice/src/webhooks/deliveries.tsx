import { answer } from "@acme/api/backoffice";
import { Button } from "@acme/ui/button";
import { Field } from "@acme/ui/field";
import { Input, Select } from "@acme/ui/input";
import { Empty } from "@acme/ui/states";
import { useInfiniteQuery } from "@tanstack/react-query";
import { RotateCw, Send } from "lucide-react";
import { useState } from "react";
import { useServices } from "@/services";
import { Listed } from "@/shell/loaded";
import { useParameters } from "@/shell/parameters";
import { useChange } from "@/shell/use_change";
import { DeliveryRow } from "./delivery_row";
import { type DeliveryState, deliveriesQuery, type Endpoint, webhookKeys } from "./queries";

const STATES: [DeliveryState, string][] = [
  ["delivered", "Delivered"],
  ["pending", "On their way"],
  ["failed", "Failed"],
];

export function Deliveries({ endpoint }: { endpoint: Endpoint }) {
  const { query, set } = useParameters();
  const state = STATES.find(([name]) => name === query.get("state"))?.[0] ?? null;
  const deliveries = useInfiniteQuery(deliveriesQuery(useServices(), endpoint.id, state));
  return (
    <section className="grid grid-cols-[minmax(0,1fr)] gap-4" aria-labelledby="deliveries">
      <h2 id="deliveries" className="text-lg font-semibold">
        Deliveries
      </h2>
      <div className="flex flex-wrap items-end justify-between gap-3">
        <Field label="Show">
          <Select value={state ?? ""} onChange={({ target }) => set("state", target.value)}>
            <option value="">All</option>
            {STATES.map(([name, label]) => (
              <option key={name} value={name}>
                {label}
              </option>
            ))}
          </Select>
        </Field>
        <ReplayFailed endpoint={endpoint} />
      </div>
      <Listed query={deliveries} what="The deliveries" empty={<Nothing isFiltered={state !== null} />}>
        {(items) => (
          <ul className="divide-y rounded-lg border bg-surface">
            {items.map((item) => (
              <DeliveryRow key={item.id} endpoint={endpoint} delivery={item} />
            ))}
          </ul>
        )}
      </Listed>
    </section>
  );
}

function Nothing({ isFiltered }: { isFiltered: boolean }) {
  return isFiltered ? (
    <Empty icon={Send} title="None is in this state" />
  ) : (
    <Empty icon={Send} title="Nothing was sent yet">
      Send a test event to see whether your software takes it.
    </Empty>
  );
}

/** The local time of an input, a day ago. */
function aDayAgo(): string {
  const at = new Date(Date.now() - 86_400_000);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function ReplayFailed({ endpoint }: { endpoint: Endpoint }) {
  const { backoffice } = useServices();
  const [since, setSince] = useState(aDayAgo);
  const replay = useChange({
    run: () =>
      answer(
        backoffice.POST("/v1/webhook-endpoints/{endpoint_id}/replay", {
          params: { path: { endpoint_id: endpoint.id } },
          body: { since: new Date(since).toISOString() },
        }),
      ),
    changes: [webhookKeys.deliveries(endpoint.id)],
    done: "What had failed is sent again",
  });
  return (
    <div className="flex flex-wrap items-end gap-2">
      <Field label="Failed since">
        <Input type="datetime-local" value={since} onChange={({ target }) => setSince(target.value)} />
      </Field>
      <Button
        look="secondary"
        isBusy={replay.isPending}
        disabled={!endpoint.is_enabled || !since}
        onClick={() => replay.mutate()}
      >
        <RotateCw aria-hidden /> Send again
      </Button>
    </div>
  );
}
