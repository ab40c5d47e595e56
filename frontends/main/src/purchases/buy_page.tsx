import { BackLink } from "@acme/ui/back_link";
import { Button } from "@acme/ui/button";
import { Card } from "@acme/ui/card";
import { money } from "@acme/ui/lib/format";
import { Empty, Failure, Notice, Skeleton } from "@acme/ui/states";
import { useQuery } from "@tanstack/react-query";
import { Check, ShoppingBag } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useParams } from "react-router";
import { projectQuery } from "@/gallery/queries";
import { useServices } from "@/services";
import { problemText } from "@/shell/problem_text";
import { contentsOf } from "./contents";
import { type Package, packagesQuery, useCheckout } from "./queries";

export function Component() {
  const { t } = useTranslation();
  const { projectId = "" } = useParams();
  const services = useServices();
  const project = useQuery(projectQuery(services, projectId));
  const packages = useQuery(packagesQuery(services, projectId));
  return (
    <div className="mx-auto grid w-full max-w-4xl gap-6">
      <title>{`${t("purchases.buy.title")} · ${t("app.name")}`}</title>
      <header className="grid gap-1">
        <BackLink>
          <Link to={`/projects/${projectId}`}>{project.data?.name ?? t("actions.back")}</Link>
        </BackLink>
        <h1 className="text-2xl font-semibold tracking-tight">{t("purchases.buy.title")}</h1>
        <p className="text-muted-foreground">{t("purchases.buy.intro")}</p>
      </header>
      {packages.isPending && <Skeleton className="h-48" />}
      {packages.isError && (
        <Failure
          title={t("problems.title")}
          retryLabel={t("actions.retry")}
          onRetry={() => void packages.refetch()}
        >
          {problemText(packages.error, t)}
        </Failure>
      )}
      {packages.data && <Packages projectId={projectId} packages={packages.data.items} />}
    </div>
  );
}

function Packages({ projectId, packages }: { projectId: string; packages: Package[] }) {
  const { t } = useTranslation();
  const checkout = useCheckout(projectId);
  const navigate = useNavigate();
  const [keys] = useState(() => new Map<string, string>());
  const buy = (packageId: string) => {
    const key = keys.get(packageId) ?? crypto.randomUUID();
    keys.set(packageId, key);
    checkout.mutate({ packageId, key }, { onSuccess: ({ id }) => void navigate(`/purchases/${id}`) });
  };
  if (packages.length === 0) {
    return (
      <Empty icon={ShoppingBag} title={t("purchases.buy.none")}>
        {t("purchases.buy.none_hint")}
      </Empty>
    );
  }
  return (
    <>
      {checkout.isError && (
        <Notice tone="danger" role="alert">
          {problemText(checkout.error, t)}
        </Notice>
      )}
      <ul className="grid gap-4 sm:grid-cols-2">
        {packages.map((item) => (
          <li key={item.id}>
            <Offer
              item={item}
              isBusy={checkout.isPending && checkout.variables.packageId === item.id}
              onBuy={() => buy(item.id)}
            />
          </li>
        ))}
      </ul>
    </>
  );
}

function Offer({ item, isBusy, onBuy }: { item: Package; isBusy: boolean; onBuy: () => void }) {
  const { t, i18n } = useTranslation();
  return (
    <Card className="grid h-full grid-rows-[auto_1fr_auto] gap-4">
      <div className="flex items-baseline justify-between gap-3">
        <h2 className="text-lg font-semibold">{item.name}</h2>
        <p className="text-xl font-semibold tabular-nums">
          {money(item.price, item.currency, i18n.language)}
        </p>
      </div>
      <ul className="grid content-start gap-2 text-sm">
        {contentsOf(item, t).map((line) => (
          <li key={line} className="flex gap-2">
            <Check className="mt-0.5 size-4 shrink-0 text-success" aria-hidden />
            {line}
          </li>
        ))}
      </ul>
      <Button
        size="lg"
        isBusy={isBusy}
        onClick={onBuy}
        aria-label={t("purchases.buy.buy_name", { name: item.name })}
      >
        {t("purchases.buy.buy")}
      </Button>
    </Card>
  );
}
