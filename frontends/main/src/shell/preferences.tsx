import { answer } from "@acme/api/main";
import { type Theme, useTheme } from "@acme/ui/lib/theme";
import type { ComponentProps } from "react";
import { useTranslation } from "react-i18next";
import { changeLanguage, isLanguage, LANGUAGES, type Language } from "../i18n";
import { useServices } from "../services";

const THEMES = ["system", "light", "dark"] as const satisfies Theme[];

type SelectProps = Omit<ComponentProps<"select">, "value" | "onChange" | "children">;

/** The browser's own lists: light, and on a phone nothing is easier to use. */
export function LanguageSelect(props: SelectProps) {
  const { t, i18n } = useTranslation();
  const choose = useChooseLanguage();
  return (
    <select
      {...props}
      value={i18n.language}
      onChange={({ target }) => isLanguage(target.value) && void choose(target.value)}
    >
      {LANGUAGES.map((language) => (
        <option key={language} value={language} lang={language}>
          {t(`shell.languages.${language}`)}
        </option>
      ))}
    </select>
  );
}

export function ThemeSelect(props: SelectProps) {
  const { t } = useTranslation();
  const [theme, choose] = useTheme();
  return (
    <select
      {...props}
      value={theme}
      onChange={({ target }) => choose(THEMES.find((name) => name === target.value) ?? "system")}
    >
      {THEMES.map((name) => (
        <option key={name} value={name}>
          {t(`theme.${name}`)}
        </option>
      ))}
    </select>
  );
}

/** Who is signed in gets mails in the same language. That this device changes does not wait for the server. */
function useChooseLanguage(): (language: Language) => Promise<void> {
  const { main, session } = useServices();
  return async (language) => {
    await changeLanguage(language);
    if (session.state.status !== "signed-in") return;
    const saved = answer(main.PATCH("/v1/me", { body: { locale: language } }));
    await saved.then((account) => session.update(account)).catch(() => undefined);
  };
}
