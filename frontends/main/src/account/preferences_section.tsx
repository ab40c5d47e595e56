import { Card, CardHeader } from "@acme/ui/card";
import { Field } from "@acme/ui/field";
import { useTranslation } from "react-i18next";
import { LanguageSelect, ThemeSelect } from "../shell/preferences";

/** The same as in the footer of the other pages, which leaves them out here. */
export function PreferencesSection() {
  const { t } = useTranslation();
  return (
    <Card>
      <CardHeader title={t("account.preferences.title")} />
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t("shell.language")}>
          <LanguageSelect className={BOX} />
        </Field>
        <Field label={t("theme.label")}>
          <ThemeSelect className={BOX} />
        </Field>
      </div>
    </Card>
  );
}

const BOX = "min-h-10 w-full rounded-md border border-input bg-surface px-3 text-base sm:text-sm";
