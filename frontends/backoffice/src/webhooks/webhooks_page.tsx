import { Badge } from "@acme/ui/badge";
import { Button } from "@acme/ui/button";
import { PageHeader } from "@acme/ui/card";
import { Dialog, DialogContent, DialogTrigger } from "@acme/ui/dialog";
import { Empty } from "@acme/ui/states";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Plus, Webhook } from "lucide-react";
import { useState } from "react";
import { Link } from "react-router";
import { useServices } from "@/services";
import { Listed } from "@/shell/loaded";
import { Title } from "@/shell/title";
import { NewEndpointForm } from "./endpoint_form";
import { type Endpoint, endpointsQuery } from "./queries";
import { ShownSecret } from "./shown_secret";
import { StateBadge } from "./state_badge";

export function Component() {
  const endpoints = useInfiniteQuery(endpointsQuery(useServices()));
  return (
    <>
      <Title>Webhooks</Title>
      <PageHeader
        title="Webhooks"
        description="Your own software is told when something happens in your events."
        actions={<NewEndpoint />}
      />
      <Listed
        query={endpoints}
        what="The endpoints"
        empty={
          <Empty icon={Webhook} title="No endpoints yet">
            An endpoint is an address of yours that takes signed messages: of photos, matches and sales.
          </Empty>
        }
      >
        {(items) => (
          <ul className="grid max-w-3xl gap-3">
            {items.map((item) => (
              <Row key={item.id} item={item} />
            ))}
          </ul>
        )}
      </Listed>
    </>
  );
}

function NewEndpoint() {
  const [isOpen, setOpen] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  function open(isWanted: boolean) {
    setOpen(isWanted);
    if (!isWanted) setSecret(null);
  }
  return (
    <Dialog open={isOpen} onOpenChange={open}>
      <DialogTrigger asChild>
        <Button>
          <Plus aria-hidden /> New endpoint
        </Button>
      </DialogTrigger>
      <DialogContent title={secret ? "The endpoint's secret" : "New endpoint"}>
        {secret ? (
          <ShownSecret secret={secret} onDone={() => open(false)} />
        ) : (
          <NewEndpointForm onMade={setSecret} />
        )}
      </DialogContent>
    </Dialog>
  );
}

function Row({ item }: { item: Endpoint }) {
  return (
    <li className="relative grid gap-2 rounded-lg border bg-surface p-4 hover:bg-muted">
      <span className="flex flex-wrap items-center gap-2">
        <Link to={`/webhooks/${item.id}`} className="font-medium break-all after:absolute after:inset-0">
          {item.url}
        </Link>
        <StateBadge endpoint={item} />
      </span>
      {item.description && <span className="text-sm text-muted-foreground">{item.description}</span>}
      <span className="flex flex-wrap gap-1.5">
        {item.events.map((event) => (
          <Badge key={event}>{event}</Badge>
        ))}
      </span>
    </li>
  );
}
