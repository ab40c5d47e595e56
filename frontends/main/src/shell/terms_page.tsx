import { useTranslation } from "react-i18next";

const SECTIONS = ["service", "photos", "faces", "payment", "conduct", "end"] as const;

export function Component() {
  const { t } = useTranslation();
  return (
    <article className="mx-auto grid w-full max-w-2xl gap-6 leading-relaxed">
      <title>{`${t("shell.terms")} · ${t("app.name")}`}</title>
      <h1 className="text-2xl font-semibold tracking-tight">{t("shell.terms")}</h1>
      {SECTIONS.map((name) => (
        <section key={name} className="grid gap-1">
          <h2 className="font-semibold">{t(`terms.${name}.title`)}</h2>
          <p>{t(`terms.${name}.text`)}</p>
        </section>
      ))}
    </article>
  );
}
