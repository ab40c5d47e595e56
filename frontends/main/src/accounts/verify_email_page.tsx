import { answer } from "@acme/api/main";
import { Button } from "@acme/ui/button";
import { Failure, Spinner } from "@acme/ui/states";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "react-router";
import { useServices } from "../services";
import { problemText } from "../shell/problem_text";
import { AuthPage } from "./auth_page";

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
    <AuthPage title={t("accounts.verify.title")}>
      {verification.isPending && <Spinner label={t("states.loading")} />}
      {verification.isError && (
        <Failure title={t("problems.title")}>{problemText(verification.error, t)}</Failure>
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
