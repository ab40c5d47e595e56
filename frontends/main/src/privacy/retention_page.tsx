import { answer } from "@acme/api/main";
import { Card } from "@acme/ui/card";
import { Failure, Skeleton } from "@acme/ui/states";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { DocumentText, headingOf } from "../consent/document_text";
import { isLanguage, type Language } from "../i18n";
import { type Services, useServices } from "../services";
import { problemText } from "../shell/problem_text";

function policyQuery({ main }: Services, language: Language) {
  return queryOptions({
    queryKey: ["retention-policy", language],
    queryFn: () => answer(main.GET("/v1/privacy/retention-policy", { params: { query: { language } } })),
  });
}

/** For everybody, also before they have an account. */
export function Component() {
  const { t, i18n } = useTranslation();
  const language = isLanguage(i18n.language) ? i18n.language : "en";
  const policy = useQuery(policyQuery(useServices(), language));
  return (
    <article className="mx-auto grid w-full max-w-2xl gap-6">
      <title>{`${t("shell.retention")} · ${t("app.name")}`}</title>
      <h1 className="text-2xl font-semibold tracking-tight text-balance">
        {headingOf(policy.data?.text ?? "") || t("shell.retention")}
      </h1>
      {policy.isPending && <Skeleton className="h-96" />}
      {policy.isError && (
        <Failure
          title={t("problems.title")}
          retryLabel={t("actions.retry")}
          onRetry={() => void policy.refetch()}
        >
          {problemText(policy.error, t)}
        </Failure>
      )}
      {policy.data && (
        <Card>
          <DocumentText text={policy.data.text} />
          <p className="mt-6 border-t pt-4 text-xs break-all text-muted-foreground">
            {t("consent.version", { version: policy.data.version.slice(0, 12) })} · SHA-256{" "}
            {policy.data.sha256}
          </p>
        </Card>
      )}
    </article>
  );
}
