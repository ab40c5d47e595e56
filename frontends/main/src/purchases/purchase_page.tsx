import { hasCode } from "@acme/api/problem";
import { BackLink } from "@acme/ui/back_link";
import { Button } from "@acme/ui/button";
import { dateTime, money } from "@acme/ui/lib/format";
import { Failure, Notice, Skeleton } from "@acme/ui/states";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams, useSearchParams } from "react-router";
import { galleryKeys } from "@/gallery/queries";
import { useServices } from "@/services";
import { useLiveEvent } from "@/shell/live";
import { problemText } from "@/shell/problem_text";
import { ArchivePart } from "./archive_part";
import { ChoosePhotos } from "./choose_photos";
import { contentsOf } from "./contents";
import { Payment } from "./payment";
import { type PurchaseDetail, purchaseKeys, purchaseQuery } from "./queries";
import { returned } from "./returned";
import { givesAccess, stateOf } from "./state";
import { StateBadge } from "./state_badge";

export function Component() {
  const { t } = useTranslation();
  const { purchaseId = "" } = useParams();
  const [search] = useSearchParams();
  const cameBack = returned(search);
  const [isAwaited, setAwaited] = useState(cameBack === "awaited");
  const purchase = useQuery(purchaseQuery(useServices(), purchaseId, isAwaited));
  useNews(purchaseId);
  if (purchase.isPending) return <Skeleton className="mx-auto h-64 max-w-2xl" />;
  if (purchase.isError) {
    const isGone = hasCode(purchase.error, "purchase_not_found", "validation_failed");
    return (
      <>
        <h1 className="sr-only">{t("purchases.title")}</h1>
        <Failure
          title={t("problems.title")}
          retryLabel={t("actions.retry")}
          {...(isGone ? {} : { onRetry: () => void purchase.refetch() })}
        >
          {isGone ? t("purchases.gone") : problemText(purchase.error, t)}
        </Failure>
        <Button asChild look="link" className="mt-4">
          <Link to="/purchases">{t("purchases.title")}</Link>
        </Button>
      </>
    );
  }
  return (
    <div className="mx-auto grid w-full max-w-3xl gap-6">
      <title>{`${purchase.data.package_name} · ${t("app.name")}`}</title>
      <Summary purchase={purchase.data} />
      <State
        purchase={purchase.data}
        isAwaited={isAwaited}
        hasFailed={cameBack === "failed"}
        onPaid={() => setAwaited(true)}
      />
    </div>
  );
}

function useNews(purchaseId: string): void {
  const queries = useQueryClient();
  useLiveEvent("purchase.changed", ({ purchase_id }) => {
    if (purchase_id !== purchaseId) return;
    void queries.invalidateQueries({ queryKey: purchaseKeys.all });
    void queries.invalidateQueries({ queryKey: galleryKeys.all });
  });
  useLiveEvent("archive.changed", ({ purchase_id }) => {
    if (purchase_id === purchaseId)
      void queries.invalidateQueries({ queryKey: purchaseKeys.archive(purchaseId) });
  });
}

function Summary({ purchase }: { purchase: PurchaseDetail }) {
  const { t, i18n } = useTranslation();
  return (
    <header className="grid gap-3">
      <BackLink>
        <Link to={`/projects/${purchase.project_id}`}>{purchase.project_name}</Link>
      </BackLink>
      <div className="flex flex-wrap items-start justify-between gap-3">
        <div className="grid gap-2">
          <h1 className="text-2xl font-semibold tracking-tight">{purchase.package_name}</h1>
          <span role="status">
            <StateBadge purchase={purchase} />
          </span>
        </div>
        <p className="text-2xl font-semibold tabular-nums">
          {money(purchase.amount, purchase.currency, i18n.language)}
        </p>
      </div>
      <p className="text-sm text-muted-foreground">
        {contentsOf(purchase, t).join(" · ")} · {dateTime(purchase.created_at, i18n.language)}
      </p>
    </header>
  );
}

interface StateProps {
  purchase: PurchaseDetail;
  isAwaited: boolean;
  /** Says the page that the buyer comes back from. */
  hasFailed: boolean;
  onPaid: () => void;
}

function State({ purchase, onPaid, ...payment }: StateProps) {
  const { t, i18n } = useTranslation();
  const state = stateOf(purchase);
  if (givesAccess(purchase)) {
    return (
      <>
        {state === "partly_refunded" && (
          <Notice>
            {t("purchases.partly_refunded", {
              amount: money(purchase.refunded_amount, purchase.currency, i18n.language),
            })}
          </Notice>
        )}
        <ChoosePhotos purchase={purchase} />
        <ArchivePart purchase={purchase} />
      </>
    );
  }
  if (state === "refunded" || state === "disputed") {
    return (
      <>
        <Notice>{t(`purchases.${state}`)}</Notice>
        <Button asChild look="secondary" className="justify-self-start">
          <Link to={`/projects/${purchase.project_id}`}>{t("purchases.to_event")}</Link>
        </Button>
      </>
    );
  }
  return <Payment purchase={purchase} onPaid={onPaid} {...payment} />;
}
