import { answer } from "@acme/api/main";
import { hasCode } from "@acme/api/problem";
import { Button } from "@acme/ui/button";
import { Notice, Spinner } from "@acme/ui/states";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "react-router";
import { useServices } from "../services";
import { problemText } from "../shell/problem_text";
import { AuthPage, TEXT_LINK } from "./auth_page";

/** A query, not an effect: it is asked once, however often the page is drawn. */
export function Component() {
  const { t } = useTranslation();
  const { main } = useServices();
  const token = useLocation().hash.slice(1);
  const verification = useQuery({
    queryKey: ["verify-email", token],
    queryFn: async () => {
      await answer(main.POST("/v1/auth/email/verify", { body: { token } }));
      return true;
    },
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <AuthPage
      title={t("accounts.verify.title")}
      below={
        verification.isError && (
          <Link to="/" className={TEXT_LINK}>
            {t("accounts.verify.go_on")}
          </Link>
        )
      }
    >
      {verification.isPending && <Spinner label={t("states.loading")} />}
      {verification.isError && (
        <Notice tone="danger" role="alert">
          {hasCode(verification.error, "invalid_one_time_token", "validation_failed")
            ? t("accounts.verify.stale")
            : problemText(verification.error, t)}
        </Notice>
      )}
      {verification.isSuccess && (
        <div className="grid gap-4">
          <p role="status">{t("accounts.verify.done")}</p>
          <Button asChild size="lg">
            <Link to="/">{t("accounts.verify.go_on")}</Link>
          </Button>
        </div>
      )}
    </AuthPage>
  );
}
