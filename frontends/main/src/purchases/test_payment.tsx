import { Button } from "@acme/ui/button";
import { Field } from "@acme/ui/field";
import { Select } from "@acme/ui/input";
import { Notice } from "@acme/ui/states";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useServices } from "@/services";
import type { PaymentFormProps } from "./payment";

const CARDS = {
  pm_card_visa: "visa",
  pm_card_chargeDeclined: "declined",
  pm_card_chargeDeclinedInsufficientFunds: "insufficient",
  pm_card_chargeDeclinedExpiredCard: "expired",
} as const;
type Card = keyof typeof CARDS;

/** Where the payment provider is the stand-in: its test cards, and no real ones. */
export default function TestPayment({ clientSecret, publishableKey, onPaid }: PaymentFormProps) {
  const { t } = useTranslation();
  const { config } = useServices();
  const [card, setCard] = useState<Card>("pm_card_visa");
  const confirmation = useMutation({
    mutationFn: () => confirm(baseUrlOf(config.payments), clientSecret, publishableKey, card),
    onSuccess: onPaid,
  });
  function submit(event: FormEvent) {
    event.preventDefault();
    confirmation.mutate();
  }
  return (
    <form className="grid gap-4" onSubmit={submit}>
      <Notice>{t("purchases.pay.test")}</Notice>
      {confirmation.isError && (
        <Notice tone="danger" role="alert">
          {confirmation.error instanceof CardRefused
            ? t("purchases.pay.declined")
            : t("problems.unreachable")}
        </Notice>
      )}
      <Field label={t("purchases.pay.card")}>
        <Select value={card} onChange={({ target }) => setCard(target.value as Card)}>
          {Object.entries(CARDS).map(([value, name]) => (
            <option key={value} value={value}>
              {t(`purchases.pay.cards.${name}`)}
            </option>
          ))}
        </Select>
      </Field>
      <Button type="submit" size="lg" isBusy={confirmation.isPending}>
        {t("purchases.pay.pay")}
      </Button>
    </form>
  );
}

class CardRefused extends Error {}

async function confirm(
  baseUrl: string,
  clientSecret: string,
  publishableKey: string,
  card: Card,
): Promise<void> {
  const [intentId] = clientSecret.split("_secret_");
  const answer = await fetch(`${baseUrl}/v1/payment_intents/${intentId}/confirm`, {
    method: "POST",
    headers: { Authorization: `Bearer ${publishableKey}` },
    body: new URLSearchParams({ payment_method: card, client_secret: clientSecret }),
  });
  if (answer.status === 402) throw new CardRefused();
  if (!answer.ok) throw new Error(`The stand-in answers ${answer.status}`);
}

function baseUrlOf(payments: { kind: "stripe" } | { kind: "stand_in"; base_url: string }): string {
  if (payments.kind === "stripe") throw new Error("this form is for the stand-in");
  return payments.base_url;
}
