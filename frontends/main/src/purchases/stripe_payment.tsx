import { Button } from "@acme/ui/button";
import { Notice } from "@acme/ui/states";
import { Elements, PaymentElement, useElements, useStripe } from "@stripe/react-stripe-js";
import { loadStripe } from "@stripe/stripe-js/pure";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { PaymentFormProps } from "./payment";

/** Stripe's own form, in Stripe's own frame: no card data come near us. */
export default function StripePayment({ clientSecret, publishableKey, onPaid }: PaymentFormProps) {
  const { i18n } = useTranslation();
  const [stripe] = useState(() => loadStripe(publishableKey));
  const isDark = document.documentElement.classList.contains("dark");
  const options = {
    clientSecret,
    locale: i18n.language === "de" ? ("de" as const) : ("en" as const),
    appearance: { theme: isDark ? ("night" as const) : ("stripe" as const) },
  };
  return (
    <Elements stripe={stripe} options={options}>
      <Form onPaid={onPaid} />
    </Elements>
  );
}

function Form({ onPaid }: { onPaid: () => void }) {
  const { t } = useTranslation();
  const stripe = useStripe();
  const elements = useElements();
  const confirmation = useMutation({
    mutationFn: async () => {
      if (!stripe || !elements) throw new Error("not loaded yet");
      const returnUrl = location.href;
      const { error } = await stripe.confirmPayment({
        elements,
        confirmParams: { return_url: returnUrl },
        redirect: "if_required",
      });
      if (error) throw new Error(error.message ?? t("purchases.pay.declined"));
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
      <PaymentElement />
      <Button type="submit" size="lg" disabled={!stripe} isBusy={confirmation.isPending}>
        {t("purchases.pay.pay")}
      </Button>
    </form>
  );
}
