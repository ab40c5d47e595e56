import { Button } from "@acme/ui/button";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";

export function Component() {
  const { t } = useTranslation();
  const receipt = useSearchParams()[0].get("receipt");
  return (
    <div className="mx-auto grid max-w-lg justify-items-center gap-4 py-16 text-center">
      <title>{`${t("account.goodbye.title")} · ${t("app.name")}`}</title>
      <h1 className="text-2xl font-semibold tracking-tight text-balance">{t("account.goodbye.title")}</h1>
      <p>{t("account.goodbye.text")}</p>
      {receipt && (
        <p className="text-sm break-all text-muted-foreground">
          {t("account.receipts.number", { id: receipt })}
        </p>
      )}
      <Button asChild look="secondary">
        <Link to="/sign-up">{t("account.goodbye.again")}</Link>
      </Button>
    </div>
  );
}
