import { answer } from "@acme/api/main";
import { Badge } from "@acme/ui/badge";
import { Button } from "@acme/ui/button";
import { Card, CardHeader } from "@acme/ui/card";
import { Confirm } from "@acme/ui/confirm";
import { dateTime } from "@acme/ui/lib/format";
import { Failure, Skeleton } from "@acme/ui/states";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { toast } from "sonner";
import {
  activeConsent,
  CONSENT_TYPE,
  type Consent,
  consentsQuery,
  outdatedConsent,
  type Receipt,
  receiptsQuery,
} from "../consent/queries";
import { useServices } from "../services";
import { problemText } from "../shell/problem_text";
import { erasedParts } from "./erased";

export function ConsentSection() {
  const { t } = useTranslation();
  const consents = useQuery(consentsQuery(useServices()));
  return (
    <Card>
      <CardHeader title={t("account.consent.title")} description={t("account.consent.description")} />
      {consents.isPending && <Skeleton className="h-24" />}
      {consents.isError && (
        <Failure
          title={t("problems.title")}
          retryLabel={t("actions.retry")}
          onRetry={() => void consents.refetch()}
        >
          {problemText(consents.error, t)}
        </Failure>
      )}
      {consents.isSuccess && <Consents consents={consents.data.items} />}
      <Receipts />
    </Card>
  );
}

const TONES = { active: "success", outdated: "warning", revoked: "neutral" } as const;

function Consents({ consents }: { consents: Consent[] }) {
  const { t, i18n } = useTranslation();
  return (
    <div className="grid gap-4">
      {outdatedConsent(consents) && (
        <div className="grid justify-items-start gap-2">
          <p className="text-sm">{t("account.consent.outdated_text")}</p>
          <Button asChild>
            <Link to="/consent?next=/account">{t("account.consent.read")}</Link>
          </Button>
        </div>
      )}
      {activeConsent(consents) || outdatedConsent(consents) ? (
        <Withdraw />
      ) : (
        <div className="grid justify-items-start gap-2">
          <p className="text-sm">{t("account.consent.none")}</p>
          <Button asChild look="secondary">
            <Link to="/consent?next=/selfie">{t("account.consent.read")}</Link>
          </Button>
        </div>
      )}
      {consents.length > 0 && (
        <details className="text-sm">
          <summary className="min-h-10 cursor-pointer content-center font-medium">
            {t("account.consent.history")}
          </summary>
          <ul className="mt-2 grid gap-3">
            {consents.map((consent) => (
              <li key={consent.id} className="grid gap-1">
                <span className="flex flex-wrap items-center gap-2">
                  {t("consent.version", { version: consent.consent_version })}
                  <Badge tone={TONES[consent.state]}>{t(`account.consent.${consent.state}`)}</Badge>
                </span>
                <span className="text-muted-foreground">
                  {t("account.consent.given_at", { time: dateTime(consent.given_at, i18n.language) })}
                  {consent.revoked_at &&
                    `, ${t("account.consent.withdrawn_at", { time: dateTime(consent.revoked_at, i18n.language) })}`}
                </span>
                <span className="text-xs break-all text-muted-foreground">
                  SHA-256 {consent.document_sha256}
                </span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

function Withdraw() {
  const { t } = useTranslation();
  const { main } = useServices();
  const queries = useQueryClient();
  const withdraw = useMutation({
    mutationFn: () =>
      answer(
        main.DELETE("/v1/consents/{consent_type}", { params: { path: { consent_type: CONSENT_TYPE } } }),
      ),
    onSuccess: () => toast.success(t("account.consent.withdrawing")),
    onError: (error) => toast.error(problemText(error, t)),
    onSettled: () => queries.invalidateQueries(),
  });
  return (
    <div className="flex flex-wrap gap-2">
      <Button asChild look="secondary">
        <Link to="/selfie">{t("account.consent.selfie")}</Link>
      </Button>
      <Confirm
        trigger={
          <Button look="secondary" isBusy={withdraw.isPending}>
            {t("account.consent.withdraw")}
          </Button>
        }
        title={t("account.consent.withdraw_title")}
        description={t("account.consent.withdraw_text")}
        confirmLabel={t("account.consent.withdraw")}
        cancelLabel={t("actions.cancel")}
        onConfirm={() => withdraw.mutate()}
      />
    </div>
  );
}

/** The proof of each erasure, which is followed until it is complete. */
function Receipts() {
  const { t, i18n } = useTranslation();
  const receipts = useQuery(receiptsQuery(useServices()));
  if (!receipts.data?.items.length) return null;
  return (
    <section className="mt-5 grid gap-3 border-t pt-4">
      <h3 className="text-sm font-semibold">{t("account.receipts.title")}</h3>
      <ul className="grid gap-3 text-sm" aria-live="polite">
        {receipts.data.items.map((receipt) => (
          <li key={receipt.id} className="grid gap-1">
            <span className="flex flex-wrap items-center gap-2">
              {dateTime(receipt.requested_at, i18n.language)}
              <Badge tone={receipt.completed_at ? "success" : "warning"}>
                {receipt.completed_at ? t("account.receipts.done") : t("account.receipts.running")}
              </Badge>
            </span>
            <span className="text-muted-foreground">
              {receipt.selfie_id ? t("account.receipts.one_selfie") : t("account.receipts.everything")}
            </span>
            {receipt.completed_at && <Proof receipt={receipt} at={receipt.completed_at} />}
            <span className="text-xs break-all text-muted-foreground">
              {t("account.receipts.number", { id: receipt.receipt_id })}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What was erased, and when. */
function Proof({ receipt, at }: { receipt: Receipt; at: string }) {
  const { t, i18n } = useTranslation();
  const parts = erasedParts(receipt).map(([part, count]) => t(`account.receipts.${part}`, { count }));
  return (
    <span className="text-muted-foreground">
      {t("account.receipts.erased_at", {
        time: dateTime(at, i18n.language),
        parts: parts.join(", ") || t("account.receipts.nothing"),
      })}
    </span>
  );
}
