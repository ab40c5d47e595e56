import { Button } from "@acme/ui/button";
import { Failure, Notice, Skeleton } from "@acme/ui/states";
import { Elements, PaymentElement, useElements, useStripe } from "@stripe/react-stripe-js";
import type { StripeError } from "@stripe/stripe-js";
import { loadStripe } from "@stripe/stripe-js/pure";
import { useMutation, useQuery } from "@tanstack/react-query";
import type { TFunction } from "i18next";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { PaymentFormProps } from "./payment";
import { returnAddress } from "./returned";

/** Stripe's own form, in Stripe's own frame: no card data come near us. */
export default function StripePayment({ clientSecret, publishableKey, onPaid }: PaymentFormProps) {
  const { t, i18n } = useTranslation();
  const stripe = useQuery({
    queryKey: ["stripe", publishableKey],
    queryFn: () => loadStripe(publishableKey),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const isDark = document.documentElement.classList.contains("dark");
  if (stripe.isPending) return <Skeleton className="h-40" />;
  if (stripe.isError) {
    return (
      <Failure
        title={t("purchases.pay.no_form")}
        retryLabel={t("actions.retry")}
        onRetry={() => void stripe.refetch()}
      >
        {t("purchases.pay.no_form_hint")}
      </Failure>
    );
  }
  const options = {
    clientSecret,
    locale: i18n.language === "de" ? ("de" as const) : ("en" as const),
    appearance: { theme: isDark ? ("night" as const) : ("stripe" as const) },
  };
  return (
    <Elements stripe={stripe.data} options={options}>
      <Form onPaid={onPaid} />
    </Elements>
  );
}

function Form({ onPaid }: { onPaid: () => void }) {
  const { t } = useTranslation();
  const stripe = useStripe();
  const elements = useElements();
  const [isReady, setReady] = useState(false);
  const confirmation = useMutation({
    mutationFn: async () => {
      if (!stripe || !elements) throw new Error(t("problems.unknown"));
      const { error } = await stripe.confirmPayment({
        elements,
        confirmParams: { return_url: returnAddress(location) },
        redirect: "if_required",
      });
      if (error) throw new Error(wordsOf(error, t));
    },
    onSuccess: onPaid,
  });
  function submit(event: FormEvent) {
    event.preventDefault();
    confirmation.mutate();
  }
  return (
    <form className="grid gap-4" onSubmit={submit}>
      {confirmation.isError && (
        <Notice tone="danger" role="alert">
          {confirmation.error.message}
        </Notice>
      )}
      <PaymentElement onReady={() => setReady(true)} />
      <Button type="submit" size="lg" disabled={!stripe || !isReady} isBusy={confirmation.isPending}>
        {t("purchases.pay.pay")}
      </Button>
    </form>
  );
}

/** What Stripe says about a card is meant for the buyer, and in their language; the rest is not. */
function wordsOf({ type, message }: StripeError, t: TFunction): string {
  const isForBuyers = type === "card_error" || type === "validation_error";
  return (isForBuyers && message) || t("purchases.pay.failed");
}
