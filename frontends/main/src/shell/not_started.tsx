import { Failure } from "@acme/ui/states";
import { useTranslation } from "react-i18next";

/** Not even the configuration came. */
export function NotStarted() {
  const { t } = useTranslation();
  return (
    <main className="mx-auto max-w-xl px-4 py-16">
      <h1 className="sr-only">{t("shell.not_started")}</h1>
      <Failure
        title={t("shell.not_started")}
        retryLabel={t("shell.reload")}
        onRetry={() => location.reload()}
      >
        {t("shell.not_started_text")}
      </Failure>
    </main>
  );
}
