import { Notice, Skeleton, Spinner } from "@acme/ui/states";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { useServices } from "@/services";
import type { PurchaseDetail } from "./queries";

const StripePayment = lazy(() => import("./stripe_payment"));
const TestPayment = lazy(() => import("./test_payment"));

export interface PaymentFormProps {
  clientSecret: string;
  publishableKey: string;
  onPaid: () => void;
}

export interface PaymentProps {
  purchase: PurchaseDetail;
  /** The form is done; the provider's word is on its way. */
  isAwaited: boolean;
  hasFailed: boolean;
  onPaid: () => void;
}

/** A declined card may be followed by another one: the same purchase is paid, once. */
export function Payment({ purchase, isAwaited, hasFailed, onPaid }: PaymentProps) {
  const { t } = useTranslation();
  const { config } = useServices();
  if (isAwaited && purchase.status === "pending") return <Spinner label={t("purchases.awaiting")} />;
  const { client_secret: clientSecret, publishable_key: publishableKey } = purchase;
  if (!clientSecret || !publishableKey) return <Notice>{t("purchases.not_payable")}</Notice>;
  const Form = config.payments.kind === "stripe" ? StripePayment : TestPayment;
  return (
    <section className="grid gap-4 rounded-lg border bg-surface p-5">
      <h2 className="font-semibold">{t("purchases.pay.title")}</h2>
      {(purchase.status === "failed" || hasFailed) && (
        <Notice tone="danger" role="alert">
          {t("purchases.pay.failed")}
        </Notice>
      )}
      <Suspense fallback={<Skeleton className="h-40" />}>
        <Form clientSecret={clientSecret} publishableKey={publishableKey} onPaid={onPaid} />
      </Suspense>
    </section>
  );
}
