import { answer } from "@acme/api/backoffice";
import { Button } from "@acme/ui/button";
import { Confirm } from "@acme/ui/confirm";
import { Dialog, DialogContent, DialogTrigger } from "@acme/ui/dialog";
import { KeyRound, Pencil, Send } from "lucide-react";
import { useState } from "react";
import { useNavigate } from "react-router";
import { useServices } from "@/services";
import { useChange } from "@/shell/use_change";
import { EditEndpointForm } from "./endpoint_form";
import { type Endpoint, webhookKeys } from "./queries";
import { ShownSecret } from "./shown_secret";

export function EndpointActions({ endpoint }: { endpoint: Endpoint }) {
  const { backoffice } = useServices();
  const path = { endpoint_id: endpoint.id };
  const test = useChange({
    run: () => answer(backoffice.POST("/v1/webhook-endpoints/{endpoint_id}/test", { params: { path } })),
    changes: [webhookKeys.deliveries(endpoint.id)],
    done: "A test event is on its way",
  });
  return (
    <div className="flex flex-wrap gap-2">
      <Button
        look="secondary"
        isBusy={test.isPending}
        disabled={!endpoint.is_enabled}
        onClick={() => test.mutate()}
      >
        <Send aria-hidden /> Send a test event
      </Button>
      <Edit endpoint={endpoint} />
      <Rotation endpoint={endpoint} />
      <Deletion endpoint={endpoint} />
    </div>
  );
}

function Edit({ endpoint }: { endpoint: Endpoint }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Dialog open={isOpen} onOpenChange={setOpen}>
      <DialogTrigger asChild>
        <Button look="secondary">
          <Pencil aria-hidden /> Edit
        </Button>
      </DialogTrigger>
      <DialogContent title="Edit the endpoint">
        <EditEndpointForm endpoint={endpoint} onDone={() => setOpen(false)} />
      </DialogContent>
    </Dialog>
  );
}

function Rotation({ endpoint }: { endpoint: Endpoint }) {
  const { backoffice } = useServices();
  const [secret, setSecret] = useState<string | null>(null);
  const rotation = useChange({
    run: async () => {
      const path = { endpoint_id: endpoint.id };
      const made = await answer(
        backoffice.POST("/v1/webhook-endpoints/{endpoint_id}/secret", { params: { path } }),
      );
      setSecret(made.secret);
    },
    changes: [webhookKeys.one(endpoint.id)],
  });
  return (
    <>
      <Confirm
        trigger={
          <Button look="secondary" isBusy={rotation.isPending}>
            <KeyRound aria-hidden /> Change the secret
          </Button>
        }
        title="Make a new secret?"
        description="For a day messages are signed with both, so that your software can change over."
        confirmLabel="Make a new secret"
        cancelLabel="Keep the secret"
        onConfirm={() => rotation.mutate()}
      />
      <Dialog open={secret !== null} onOpenChange={() => setSecret(null)}>
        <DialogContent title="The endpoint's new secret">
          <ShownSecret secret={secret ?? ""} onDone={() => setSecret(null)}>
            The one before works for a day.
          </ShownSecret>
        </DialogContent>
      </Dialog>
    </>
  );
}

function Deletion({ endpoint }: { endpoint: Endpoint }) {
  const { backoffice } = useServices();
  const navigate = useNavigate();
  const deletion = useChange({
    run: async () => {
      const path = { endpoint_id: endpoint.id };
      await answer(backoffice.DELETE("/v1/webhook-endpoints/{endpoint_id}", { params: { path } }));
      await navigate("/webhooks");
    },
    changes: [webhookKeys.all],
    done: "The endpoint is deleted",
  });
  return (
    <Confirm
      trigger={
        <Button look="ghost" isBusy={deletion.isPending}>
          Delete
        </Button>
      }
      title="Delete this endpoint?"
      description="With its log. What is on its way is not delivered any more."
      confirmLabel="Delete the endpoint"
      cancelLabel="Keep it"
      onConfirm={() => deletion.mutate()}
    />
  );
}
