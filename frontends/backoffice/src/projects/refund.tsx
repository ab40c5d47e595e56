import { answer } from "@acme/api/backoffice";
import { Button } from "@acme/ui/button";
import { Dialog, DialogContent, DialogTrigger } from "@acme/ui/dialog";
import { Field } from "@acme/ui/field";
import { Input } from "@acme/ui/input";
import { majorUnits, minorUnits, money } from "@acme/ui/lib/format";
import { Notice } from "@acme/ui/states";
import { toast } from "@acme/ui/toaster";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useAccount, useServices } from "@/services";
import { problemText } from "@/shell/problem_text";
import { useProject } from "./project_page";
import { type Purchase, projectKeys } from "./queries";
import { leftToRefund } from "./sale_state";

export function Refund({ sale }: { sale: Purchase }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Dialog open={isOpen} onOpenChange={setOpen}>
      <DialogTrigger asChild>
        <Button look="secondary" size="sm" aria-label={`Refund ${sale.user_name}`}>
          Refund
        </Button>
      </DialogTrigger>
      <DialogContent
        title={`Refund ${sale.user_name}`}
        description="The money goes back through the payment provider. A full refund locks the photos again."
      >
        <RefundForm sale={sale} onDone={() => setOpen(false)} />
      </DialogContent>
    </Dialog>
  );
}

function RefundForm({ sale, onDone }: { sale: Purchase; onDone: () => void }) {
  const locale = useAccount().locale ?? "en";
  const left = leftToRefund(sale);
  const [text, setText] = useState(majorUnits(left, sale.currency));
  const [key] = useState(() => crypto.randomUUID());
  const amount = minorUnits(text, sale.currency);
  const isFine = amount !== null && amount > 0 && amount <= left;
  const refund = useRefund(sale, key, onDone);
  function submit(event: FormEvent) {
    event.preventDefault();
    if (isFine) refund.mutate(amount);
  }
  return (
    <form className="grid gap-4" onSubmit={submit}>
      {refund.isError && (
        <Notice tone="danger" role="alert">
          {problemText(refund.error)}
        </Notice>
      )}
      <Field
        label={`Amount in ${sale.currency}`}
        hint={`At most ${money(left, sale.currency, locale)}`}
        error={isFine ? undefined : `Enter an amount up to ${money(left, sale.currency, locale)}`}
      >
        <Input inputMode="decimal" value={text} onChange={({ target }) => setText(target.value)} />
      </Field>
      <Button type="submit" look="danger" isBusy={refund.isPending} disabled={!isFine}>
        {isFine ? `Refund ${money(amount, sale.currency, locale)}` : "Refund"}
      </Button>
    </form>
  );
}

/** The provider tells when it is done: the list shows it then. */
function useRefund(sale: Purchase, key: string, onDone: () => void) {
  const { backoffice } = useServices();
  const project = useProject();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (amount: number) =>
      answer(
        backoffice.POST("/v1/purchases/{purchase_id}/refunds", {
          params: { path: { purchase_id: sale.id }, header: { "idempotency-key": key } },
          body: { amount },
        }),
      ),
    onSuccess: () => {
      toast.success("The refund is on its way");
      onDone();
      const refresh = () => client.invalidateQueries({ queryKey: projectKeys.part(project.id, "purchases") });
      void refresh();
      setTimeout(() => void refresh(), 3000);
    },
  });
}
