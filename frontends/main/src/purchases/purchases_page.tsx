import { Button } from "@acme/ui/button";
import { date, money } from "@acme/ui/lib/format";
import { Empty, Failure, Skeleton } from "@acme/ui/states";
import { useInfiniteQuery } from "@tanstack/react-query";
import { ChevronRight, ShoppingBag } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useServices } from "@/services";
import { problemText } from "@/shell/problem_text";
import { type Purchase, purchasesQuery } from "./queries";
import { StateBadge } from "./state_badge";

export function Component() {
  const { t } = useTranslation();
  const purchases = useInfiniteQuery(purchasesQuery(useServices()));
  const items = purchases.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className="mx-auto grid w-full max-w-2xl gap-6">
      <title>{`${t("purchases.title")} · ${t("app.name")}`}</title>
      <h1 className="text-2xl font-semibold tracking-tight">{t("purchases.title")}</h1>
      {purchases.isPending && <Skeleton className="h-40" />}
      {purchases.isError && (
        <Failure
          title={t("problems.title")}
          retryLabel={t("actions.retry")}
          onRetry={() => void purchases.refetch()}
        >
          {problemText(purchases.error, t)}
        </Failure>
      )}
      {purchases.isSuccess && items.length === 0 && (
        <Empty
          icon={ShoppingBag}
          title={t("purchases.none")}
          action={
            <Button asChild look="secondary">
              <Link to="/">{t("shell.home")}</Link>
            </Button>
          }
        >
          {t("purchases.none_hint")}
        </Empty>
      )}
      <ul className="grid gap-3">
        {items.map((purchase) => (
          <li key={purchase.id}>
            <Row purchase={purchase} />
          </li>
        ))}
      </ul>
      {purchases.hasNextPage && (
        <Button
          look="secondary"
          isBusy={purchases.isFetchingNextPage}
          onClick={() => void purchases.fetchNextPage()}
        >
          {t("purchases.more")}
        </Button>
      )}
    </div>
  );
}

function Row({ purchase }: { purchase: Purchase }) {
  const { i18n } = useTranslation();
  return (
    <Link
      to={`/purchases/${purchase.id}`}
      className="flex items-center justify-between gap-3 rounded-lg border bg-surface p-4 hover:bg-muted"
    >
      <span className="grid gap-1">
        <span className="font-medium">{purchase.package_name}</span>
        <span className="text-sm text-muted-foreground">
          {purchase.project_name} · {date(purchase.created_at, i18n.language)}
        </span>
        <span className="justify-self-start">
          <StateBadge purchase={purchase} />
        </span>
      </span>
      <span className="flex items-center gap-2 font-medium tabular-nums">
        {money(purchase.amount, purchase.currency, i18n.language)}
        <ChevronRight className="size-4 text-muted-foreground" aria-hidden />
      </span>
    </Link>
  );
}
