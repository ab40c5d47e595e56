import { Button } from "@acme/ui/button";
import { Failure } from "@acme/ui/states";
import { useTranslation } from "react-i18next";
import { Link, useRouteError } from "react-router";
import { problemText } from "./problem_text";

/** A screen that could not be shown at all. */
export function Crashed() {
  const { t } = useTranslation();
  const error = useRouteError();
  return (
    <main className="mx-auto max-w-xl p-6">
      <Failure title={t("problems.title")} retryLabel={t("actions.retry")} onRetry={() => location.reload()}>
        {problemText(error, t)}
      </Failure>
    </main>
  );
}

export function NotFound() {
  const { t } = useTranslation();
  return (
    <div className="grid justify-items-center gap-4 py-16 text-center">
      <h1 className="text-xl font-semibold">{t("problems.not_found")}</h1>
      <Button asChild look="secondary">
        <Link to="/">{t("actions.back")}</Link>
      </Button>
    </div>
  );
}
