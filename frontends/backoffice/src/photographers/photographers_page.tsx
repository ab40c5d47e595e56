import { answer } from "@acme/api/backoffice";
import { Button } from "@acme/ui/button";
import { PageHeader } from "@acme/ui/card";
import { Confirm } from "@acme/ui/confirm";
import { Dialog, DialogContent, DialogTrigger } from "@acme/ui/dialog";
import { date } from "@acme/ui/lib/format";
import { Empty } from "@acme/ui/states";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Camera, Plus } from "lucide-react";
import { useState } from "react";
import { useAccount, useServices } from "@/services";
import { Listed } from "@/shell/loaded";
import { Title } from "@/shell/title";
import { useChange } from "@/shell/use_change";
import { EditForm, InviteForm } from "./photographer_forms";
import { type Photographer, photographerKeys, photographersQuery } from "./queries";

export function Component() {
  const photographers = useInfiniteQuery(photographersQuery(useServices()));
  return (
    <>
      <Title>Photographers</Title>
      <PageHeader
        title="Photographers"
        description="They upload to the projects that they are assigned to, and see nothing else."
        actions={<Invite />}
      />
      <Listed
        query={photographers}
        what="The photographers"
        empty={
          <Empty icon={Camera} title="No photographers yet" action={<Invite />}>
            Invite somebody by e-mail; they choose their own password.
          </Empty>
        }
      >
        {(items) => (
          <ul className="grid max-w-3xl gap-3">
            {items.map((each) => (
              <Row key={each.id} photographer={each} />
            ))}
          </ul>
        )}
      </Listed>
    </>
  );
}

function Invite() {
  const [isOpen, setOpen] = useState(false);
  return (
    <Dialog open={isOpen} onOpenChange={setOpen}>
      <DialogTrigger asChild>
        <Button>
          <Plus aria-hidden /> Invite a photographer
        </Button>
      </DialogTrigger>
      <DialogContent
        title="Invite a photographer"
        description="The invitation comes by mail and is valid for 14 days."
      >
        <InviteForm onDone={() => setOpen(false)} />
      </DialogContent>
    </Dialog>
  );
}

function Row({ photographer }: { photographer: Photographer }) {
  const { locale } = useAccount();
  const { backoffice } = useServices();
  const [isOpen, setOpen] = useState(false);
  const path = { photographer_id: photographer.id };
  const deletion = useChange({
    run: () => answer(backoffice.DELETE("/v1/photographers/{photographer_id}", { params: { path } })),
    changes: [photographerKeys.all],
    done: `${photographer.name} is removed`,
  });
  return (
    <li className="flex flex-wrap items-center justify-between gap-3 rounded-lg border bg-surface p-4">
      <span className="grid">
        <span className="font-medium">{photographer.name}</span>
        <span className="text-sm text-muted-foreground">
          {photographer.email} · since {date(photographer.created_at, locale ?? "en")}
        </span>
      </span>
      <span className="flex gap-2">
        <Dialog open={isOpen} onOpenChange={setOpen}>
          <DialogTrigger asChild>
            <Button look="secondary" aria-label={`Edit ${photographer.name}`}>
              Edit
            </Button>
          </DialogTrigger>
          <DialogContent title={`Edit ${photographer.name}`}>
            <EditForm photographer={photographer} onDone={() => setOpen(false)} />
          </DialogContent>
        </Dialog>
        <Confirm
          trigger={
            <Button look="ghost" isBusy={deletion.isPending} aria-label={`Remove ${photographer.name}`}>
              Remove
            </Button>
          }
          title={`Remove ${photographer.name}?`}
          description="They can no longer sign in. Their photos stay."
          confirmLabel="Remove"
          cancelLabel="Cancel"
          onConfirm={() => deletion.mutate()}
        />
      </span>
    </li>
  );
}
