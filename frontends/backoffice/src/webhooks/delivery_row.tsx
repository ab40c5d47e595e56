import { answer, type Schemas } from "@acme/api/backoffice";
import { Badge } from "@acme/ui/badge";
import { Button } from "@acme/ui/button";
import { dateTime } from "@acme/ui/lib/format";
import { useQuery } from "@tanstack/react-query";
import { RotateCw } from "lucide-react";
import { useState } from "react";
import { useAccount, useServices } from "@/services";
import { Loaded } from "@/shell/loaded";
import { useChange } from "@/shell/use_change";
import { type Delivery, type DeliveryState, deliveryQuery, type Endpoint, webhookKeys } from "./queries";

const TONES = { delivered: "success", pending: "accent", failed: "danger" } as const;
const NAMES: Record<DeliveryState, string> = {
  delivered: "delivered",
  pending: "on its way",
  failed: "failed",
};
const ERRORS: Record<string, string> = {
  bad_status: "not taken",
  redirect: "redirects are not followed",
  timeout: "took too long",
  address_refused: "its address may not be called",
  tls: "no trusted TLS connection",
  connection: "could not be reached",
  protocol: "answered with something that is not HTTP",
};

interface DeliveryRowProps {
  endpoint: Endpoint;
  delivery: Delivery;
}

export function DeliveryRow({ endpoint, delivery }: DeliveryRowProps) {
  const { locale } = useAccount();
  const [isOpen, setOpen] = useState(false);
  return (
    <li>
      <details className="px-4 py-3 text-sm" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary className="flex min-h-10 cursor-pointer flex-wrap items-center gap-x-4 gap-y-1">
          <time
            dateTime={delivery.created_at}
            className="w-48 whitespace-nowrap text-muted-foreground tabular-nums max-sm:w-full"
          >
            {dateTime(delivery.created_at, locale ?? "en")}
          </time>
          <span className="font-medium">{delivery.event}</span>
          <Badge tone={TONES[delivery.state]}>{NAMES[delivery.state]}</Badge>
          <span className="text-muted-foreground">{triesText(delivery, locale ?? "en")}</span>
        </summary>
        {isOpen && <Details endpoint={endpoint} delivery={delivery} />}
      </details>
    </li>
  );
}

function triesText({ tries, next_try_at, state }: Delivery, locale: string): string {
  if (state === "failed" && tries === 0) return "not tried";
  const times = tries === 1 ? "1 try" : `${tries} tries`;
  return next_try_at ? `${times}, the next at ${dateTime(next_try_at, locale)}` : times;
}

function Details({ endpoint, delivery }: DeliveryRowProps) {
  const services = useServices();
  const path = { endpoint_id: endpoint.id, delivery_id: delivery.id };
  const details = useQuery(deliveryQuery(services, endpoint.id, delivery));
  const replay = useChange({
    run: () =>
      answer(
        services.backoffice.POST("/v1/webhook-endpoints/{endpoint_id}/deliveries/{delivery_id}/replay", {
          params: { path },
        }),
      ),
    changes: [webhookKeys.deliveries(endpoint.id)],
    done: "It is sent again",
  });
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4 pt-3">
      <Loaded query={details} what="The delivery">
        {({ message_id, body, attempts }) => (
          <>
            <p>
              <span className="text-muted-foreground">webhook-id</span>{" "}
              <code className="break-all">{message_id}</code>
            </p>
            <pre className="rounded-md bg-muted p-3 text-xs break-all whitespace-pre-wrap">
              {JSON.stringify(body, null, 2)}
            </pre>
            <Attempts attempts={attempts} />
          </>
        )}
      </Loaded>
      <Button
        look="secondary"
        className="justify-self-start"
        isBusy={replay.isPending}
        disabled={!endpoint.is_enabled}
        onClick={() => replay.mutate()}
      >
        <RotateCw aria-hidden /> Send it again
      </Button>
    </div>
  );
}

function Attempts({ attempts }: { attempts: Schemas["WebhookAttemptOut"][] }) {
  const { locale } = useAccount();
  return (
    <ol className="grid gap-3">
      {attempts.map((attempt) => (
        <li key={attempt.id} className="grid gap-1 border-l-2 pl-3">
          <span className="flex flex-wrap gap-x-3">
            <time dateTime={attempt.started_at} className="tabular-nums">
              {dateTime(attempt.started_at, locale ?? "en")}
            </time>
            <span className="font-medium">{attempt.status_code ?? "no answer"}</span>
            <span className="text-muted-foreground">{attempt.duration_ms} ms</span>
            {attempt.error && <span className="text-danger">{ERRORS[attempt.error] ?? attempt.error}</span>}
          </span>
          <span className="text-xs break-all text-muted-foreground">request {attempt.id}</span>
          {attempt.response_excerpt && (
            <pre className="rounded-md bg-muted p-3 text-xs break-all whitespace-pre-wrap">
              {attempt.response_excerpt}
            </pre>
          )}
        </li>
      ))}
    </ol>
  );
}
