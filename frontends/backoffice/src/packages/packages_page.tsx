import { answer } from "@acme/api/backoffice";
import { Button } from "@acme/ui/button";
import { PageHeader } from "@acme/ui/card";
import { Confirm } from "@acme/ui/confirm";
import { Dialog, DialogContent, DialogTrigger } from "@acme/ui/dialog";
import { Empty } from "@acme/ui/states";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Package, Plus } from "lucide-react";
import { useState } from "react";
import { useAccount, useServices } from "@/services";
import { Listed } from "@/shell/loaded";
import { Title } from "@/shell/title";
import { useChange } from "@/shell/use_change";
import { packageFacts } from "./facts";
import { PackageForm } from "./package_form";
import { type PhotoPackage, packageKeys, packagesQuery } from "./queries";

export function Component() {
  const packages = useInfiniteQuery(packagesQuery(useServices()));
  return (
    <>
      <Title>Packages</Title>
      <PageHeader
        title="Packages"
        description="What guests can buy. Each project chooses which of these are on sale."
        actions={<NewPackage />}
      />
      <Listed
        query={packages}
        what="The packages"
        empty={
          <Empty icon={Package} title="No packages yet" action={<NewPackage />}>
            A package has a price and a number of photos, or all photos of its buyer.
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

function NewPackage() {
  const [isOpen, setOpen] = useState(false);
  return (
    <Dialog open={isOpen} onOpenChange={setOpen}>
      <DialogTrigger asChild>
        <Button>
          <Plus aria-hidden /> New package
        </Button>
      </DialogTrigger>
      <DialogContent title="New package">
        <PackageForm onDone={() => setOpen(false)} />
      </DialogContent>
    </Dialog>
  );
}

function Row({ item }: { item: PhotoPackage }) {
  const account = useAccount();
  const { backoffice } = useServices();
  const [isOpen, setOpen] = useState(false);
  const deletion = useChange({
    run: () =>
      answer(backoffice.DELETE("/v1/packages/{package_id}", { params: { path: { package_id: item.id } } })),
    changes: [packageKeys.all],
    done: `${item.name} is deleted`,
  });
  return (
    <li className="flex flex-wrap items-center justify-between gap-3 rounded-lg border bg-surface p-4">
      <span className="grid">
        <span className="font-medium">{item.name}</span>
        <span className="text-sm text-muted-foreground">{packageFacts(item, account)}</span>
      </span>
      <span className="flex gap-2">
        <Dialog open={isOpen} onOpenChange={setOpen}>
          <DialogTrigger asChild>
            <Button look="secondary" aria-label={`Edit ${item.name}`}>
              Edit
            </Button>
          </DialogTrigger>
          <DialogContent
            title={`Edit ${item.name}`}
            description="What was sold already stays as it was sold."
          >
            <PackageForm item={item} onDone={() => setOpen(false)} />
          </DialogContent>
        </Dialog>
        <Confirm
          trigger={
            <Button look="ghost" isBusy={deletion.isPending} aria-label={`Delete ${item.name}`}>
              Delete
            </Button>
          }
          title={`Delete ${item.name}?`}
          description="It is no longer sold anywhere. What was bought stays."
          confirmLabel="Delete the package"
          cancelLabel="Keep it"
          onConfirm={() => deletion.mutate()}
        />
      </span>
    </li>
  );
}
