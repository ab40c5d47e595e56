import { Button } from "@acme/ui/button";
import { Failure } from "@acme/ui/states";
import { Compass } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link, useRouteError } from "react-router";
import { problemText } from "./problem_text";

/** A screen that could not be shown at all. */
export function Crashed() {
  const { t } = useTranslation();
  const error = useRouteError();
  return (
    <div className="mx-auto grid max-w-xl gap-4 py-6">
      <title>{`${t("problems.title")} – ${t("app.name")}`}</title>
      <h1 className="sr-only">{t("problems.title")}</h1>
      <Failure title={t("problems.title")} retryLabel={t("shell.reload")} onRetry={() => location.reload()}>
        {isMissingPart(error) ? t("shell.crashed_update") : problemText(error, t)}
      </Failure>
    </div>
  );
}

export function NotFound() {
  const { t } = useTranslation();
  return (
    <div className="grid justify-items-center gap-3 py-16 text-center">
      <title>{`${t("shell.not_found")} – ${t("app.name")}`}</title>
      <Compass className="size-8 text-muted-foreground" aria-hidden />
      <h1 className="text-xl font-semibold text-balance">{t("shell.not_found")}</h1>
      <p className="text-muted-foreground">{t("shell.not_found_text")}</p>
      <Button asChild look="secondary" className="mt-2">
        <Link to="/">{t("shell.home")}</Link>
      </Button>
    </div>
  );
}

/** A chunk that did not come: browsers throw a TypeError, each with other words. */
function isMissingPart(error: unknown): boolean {
  return error instanceof TypeError && /import|module/i.test(error.message);
}
