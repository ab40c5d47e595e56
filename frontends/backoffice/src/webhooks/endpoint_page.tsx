import { answer } from "@acme/api/backoffice";
import { BackLink } from "@acme/ui/back_link";
import { Badge } from "@acme/ui/badge";
import { PageHeader } from "@acme/ui/card";
import { dateTime } from "@acme/ui/lib/format";
import { Notice } from "@acme/ui/states";
import { Switch } from "@acme/ui/switch";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "react-router";
import { useAccount, useServices } from "@/services";
import { Loaded } from "@/shell/loaded";
import { Title } from "@/shell/title";
import { useChange } from "@/shell/use_change";
import { Deliveries } from "./deliveries";
import { EndpointActions } from "./endpoint_actions";
import { type Endpoint, endpointQuery, webhookKeys } from "./queries";

export function Component() {
  const { endpointId = "" } = useParams();
  const endpoint = useQuery(endpointQuery(useServices(), endpointId));
  return (
    <>
      <Title>Webhook endpoint</Title>
      <Loaded query={endpoint} what="The endpoint">
        {(item) => <Shown endpoint={item} />}
      </Loaded>
    </>
  );
}

function Shown({ endpoint }: { endpoint: Endpoint }) {
  const { backoffice } = useServices();
  const turning = useChange({
    run: (is_enabled: boolean) =>
      answer(
        backoffice.PATCH("/v1/webhook-endpoints/{endpoint_id}", {
          params: { path: { endpoint_id: endpoint.id } },
          body: { is_enabled },
        }),
      ),
    changes: [webhookKeys.all],
  });
  return (
    <>
      <PageHeader
        above={
          <BackLink>
            <Link to="/webhooks">Webhooks</Link>
          </BackLink>
        }
        title={<span className="break-all">{endpoint.url}</span>}
        description={endpoint.description}
        actions={
          <Switch
            label="On"
            checked={endpoint.is_enabled}
            disabled={turning.isPending}
            onCheckedChange={(isWanted) => turning.mutate(isWanted)}
          />
        }
      />
      <div className="grid grid-cols-[minmax(0,1fr)] gap-5">
        <Health endpoint={endpoint} />
        <p className="flex flex-wrap gap-1.5">
          {endpoint.events.map((event) => (
            <Badge key={event}>{event}</Badge>
          ))}
        </p>
        <EndpointActions endpoint={endpoint} />
        <Deliveries endpoint={endpoint} />
      </div>
    </>
  );
}

function Health({ endpoint }: { endpoint: Endpoint }) {
  const { locale } = useAccount();
  const when = (instant: string) => dateTime(instant, locale ?? "en");
  const { disabled_at, disabled_reason, failing_since, previous_secret_until } = endpoint;
  return (
    <>
      {disabled_at && (
        <Notice tone="danger">
          {OFF[disabled_reason ?? "operator"]} It is off since {when(disabled_at)}. What happens meanwhile is
          kept as failed, and can be sent again.
        </Notice>
      )}
      {!disabled_at && failing_since && (
        <Notice tone="danger">Nothing has been delivered since {when(failing_since)}.</Notice>
      )}
      {previous_secret_until && (
        <Notice>The secret was changed: until {when(previous_secret_until)} the one before works too.</Notice>
      )}
    </>
  );
}

const OFF = {
  operator: "You have turned it off.",
  failing: "For days nothing could be delivered.",
  gone: "It has answered that it wants no more (410 Gone).",
};
