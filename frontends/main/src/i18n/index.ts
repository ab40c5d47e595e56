import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import type { Texts } from "./en";

export const LANGUAGES = ["en", "de"] as const;
export type Language = (typeof LANGUAGES)[number];

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "translation";
    resources: { translation: Texts };
  }
}

/** Every text has to be there in every language (the compiler sees to it), so that one is enough to load. */
const LOADERS: Record<Language, () => Promise<{ texts: Texts }>> = {
  en: () => import("./en"),
  de: () => import("./de"),
};

/** In the language chosen before, else the browser's. */
export async function startI18n(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: preferred(),
    fallbackLng: false,
    supportedLngs: LANGUAGES,
    resources: {},
    interpolation: { escapeValue: false },
    react: { useSuspense: false },
  });
  await changeLanguage(preferred());
}

/** Kept in a cookie for those who are not signed in; who is has it in the account as well. */
export async function changeLanguage(language: Language): Promise<void> {
  await load(language);
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not everywhere yet
  document.cookie = `language=${language}; path=/; max-age=31536000; SameSite=Lax`;
}

async function load(language: Language): Promise<void> {
  if (i18next.hasResourceBundle(language, "translation")) return;
  i18next.addResourceBundle(language, "translation", (await LOADERS[language]()).texts);
}

function preferred(): Language {
  const chosen = /(?:^|; )language=(\w+)/.exec(document.cookie)?.[1];
  const wanted = [chosen ?? "", ...navigator.languages].map((tag) => tag.slice(0, 2));
  return wanted.find((tag): tag is Language => (LANGUAGES as readonly string[]).includes(tag)) ?? "en";
}
