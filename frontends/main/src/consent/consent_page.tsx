import { answer, type Schemas } from "@acme/api/main";
import { Button } from "@acme/ui/button";
import { Card } from "@acme/ui/card";
import { Failure, Notice, Skeleton } from "@acme/ui/states";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useSearchParams } from "react-router";
import { nextPath, withNext } from "../accounts/next_path";
import { isLanguage } from "../i18n";
import { useServices } from "../services";
import { problemText } from "../shell/problem_text";
import { DocumentText, headingOf } from "./document_text";
import { activeConsent, CONSENT_TYPE, consentsQuery, documentQuery } from "./queries";

type ConsentDocument = Schemas["DocumentOut"];

export function Component() {
  const { t, i18n } = useTranslation();
  const services = useServices();
  const language = isLanguage(i18n.language) ? i18n.language : "en";
  const text = useQuery(documentQuery(services, language));
  const consents = useQuery(consentsQuery(services));
  if (text.isError || consents.isError) {
    return (
      <>
        <h1 className="sr-only">{t("consent.title")}</h1>
        <Failure
          title={t("problems.title")}
          retryLabel={t("actions.retry")}
          onRetry={() => void Promise.all([text.refetch(), consents.refetch()])}
        >
          {problemText(text.error ?? consents.error, t)}
        </Failure>
      </>
    );
  }
  if (text.isPending || consents.isPending) return <Skeleton className="mx-auto h-96 max-w-2xl" />;
  return <ConsentText text={text.data} hasConsented={activeConsent(consents.data.items) !== undefined} />;
}

function ConsentText({ text, hasConsented }: { text: ConsentDocument; hasConsented: boolean }) {
  const { t } = useTranslation();
  return (
    <article className="mx-auto grid w-full max-w-2xl gap-6">
      <title>{`${t("consent.title")} · ${t("app.name")}`}</title>
      <h1 className="text-2xl font-semibold tracking-tight text-balance">
        {headingOf(text.text) || t("consent.title")}
      </h1>
      <Card>
        <DocumentText text={text.text} />
        <p className="mt-6 border-t pt-4 text-xs break-all text-muted-foreground">
          {t("consent.version", { version: text.version })} · SHA-256 {text.sha256}
        </p>
      </Card>
      {hasConsented ? <HasConsented /> : <Choice text={text} />}
    </article>
  );
}

/** Two ways, equally easy to take. */
function Choice({ text }: { text: ConsentDocument }) {
  const { t } = useTranslation();
  const next = nextPath(useSearchParams()[0].get("next"));
  const give = useGiveConsent(text, next);
  return (
    <div className="grid gap-4">
      {give.isError && (
        <Notice tone="danger" role="alert">
          {problemText(give.error, t)}
        </Notice>
      )}
      <div className="grid gap-3 sm:grid-cols-2">
        <div className="grid content-start gap-2">
          <Button look="secondary" size="lg" isBusy={give.isPending} onClick={() => give.mutate()}>
            {t("consent.give")}
          </Button>
          <p className="text-sm text-muted-foreground">{t("consent.give_then")}</p>
        </div>
        <div className="grid content-start gap-2">
          <Button asChild look="secondary" size="lg">
            <Link to={next}>{t("consent.without")}</Link>
          </Button>
          <p className="text-sm text-muted-foreground">{t("consent.without_then")}</p>
        </div>
      </div>
    </div>
  );
}

function useGiveConsent(text: ConsentDocument, next: string) {
  const { main } = useServices();
  const queries = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: () =>
      answer(
        main.POST("/v1/consents", {
          body: { consent_type: CONSENT_TYPE, consent_version: text.version, language: text.language },
        }),
      ),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["consents"] });
      await navigate(next.startsWith("/selfie") ? next : withNext("/selfie", next), { replace: true });
    },
    onError: () => queries.invalidateQueries({ queryKey: ["consent-document"] }),
  });
}

function HasConsented() {
  const { t } = useTranslation();
  const next = nextPath(useSearchParams()[0].get("next"));
  return (
    <Notice tone="accent" className="grid gap-3">
      <p>{t("consent.given")}</p>
      <div className="flex flex-wrap gap-2">
        <Button asChild>
          <Link to={next}>{t("consent.go_on")}</Link>
        </Button>
        <Button asChild look="secondary">
          <Link to="/account">{t("consent.manage")}</Link>
        </Button>
      </div>
    </Notice>
  );
}
