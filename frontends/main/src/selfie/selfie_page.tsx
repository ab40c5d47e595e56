import { hasCode } from "@acme/api/problem";
import { Button } from "@acme/ui/button";
import { Failure, Skeleton } from "@acme/ui/states";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { nextPath, withNext } from "@/accounts/next_path";
import { activeConsent, consentsQuery } from "@/consent/queries";
import { useServices } from "@/services";
import { useLiveEvent } from "@/shell/live";
import { problemText } from "@/shell/problem_text";
import { Capture } from "./capture";
import { selfieKeys, selfieQuery } from "./queries";
import { Verdict } from "./verdict";

export function Component() {
  const { t } = useTranslation();
  return (
    <div className="mx-auto grid w-full max-w-lg gap-6">
      <title>{`${t("selfie.title")} · ${t("app.name")}`}</title>
      <header className="grid gap-1 text-center">
        <h1 className="text-2xl font-semibold tracking-tight">{t("selfie.title")}</h1>
        <p className="text-balance text-muted-foreground">{t("selfie.intro")}</p>
      </header>
      <Steps />
    </div>
  );
}

/** First the consent, then the camera, then the verdict. */
function Steps() {
  const { t } = useTranslation();
  const services = useServices();
  const consents = useQuery(consentsQuery(services));
  if (consents.isPending) return <Skeleton className="mx-auto aspect-[3/4] w-full max-w-sm" />;
  if (consents.isError) {
    return (
      <Failure
        title={t("problems.title")}
        retryLabel={t("actions.retry")}
        onRetry={() => void consents.refetch()}
      >
        {problemText(consents.error, t)}
      </Failure>
    );
  }
  return activeConsent(consents.data.items) ? <Selfie /> : <NeedsConsent />;
}

function NeedsConsent() {
  const { t } = useTranslation();
  const next = nextPath(useSearchParams()[0].get("next"));
  return (
    <div className="grid justify-items-center gap-4 text-center">
      <p>{t("selfie.needs_consent")}</p>
      <Button asChild size="lg">
        <Link to={`/consent?next=${encodeURIComponent(withNext("/selfie", next))}`}>
          {t("selfie.read_consent")}
        </Link>
      </Button>
    </div>
  );
}

function Selfie() {
  const { t } = useTranslation();
  const selfie = useQuery(selfieQuery(useServices()));
  const queries = useQueryClient();
  const [isReplacing, setReplacing] = useState(false);
  useLiveEvent("selfie.changed", () => void queries.invalidateQueries({ queryKey: selfieKeys.mine }));
  const isNone = hasCode(selfie.error, "selfie_not_found") || selfie.data?.upload_state === "issued";
  if (isNone || isReplacing) return <Capture onSent={() => setReplacing(false)} />;
  if (selfie.data) return <Verdict selfie={selfie.data} onAgain={() => setReplacing(true)} />;
  if (selfie.isPending) return <Skeleton className="mx-auto aspect-[3/4] w-full max-w-sm" />;
  return (
    <Failure
      title={t("problems.title")}
      retryLabel={t("actions.retry")}
      onRetry={() => void selfie.refetch()}
    >
      {problemText(selfie.error, t)}
    </Failure>
  );
}
