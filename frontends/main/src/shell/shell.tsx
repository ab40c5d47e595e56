import { useOnline } from "@acme/ui/lib/online";
import { ThemeMenu } from "@acme/ui/theme_menu";
import { useTranslation } from "react-i18next";
import { Link, Outlet, ScrollRestoration } from "react-router";

export function Shell() {
  const { t } = useTranslation();
  const names = { system: t("theme.system"), light: t("theme.light"), dark: t("theme.dark") };
  return (
    <div className="grid min-h-dvh grid-rows-[auto_1fr]">
      <header className="sticky top-0 z-30 border-b bg-background/90 backdrop-blur">
        <div className="mx-auto flex h-14 max-w-7xl items-center justify-between gap-2 px-4">
          <Link to="/" className="font-semibold tracking-tight">
            {t("app.name")}
          </Link>
          <ThemeMenu label={t("theme.label")} names={names} />
        </div>
        <OfflineBanner />
      </header>
      <main className="mx-auto w-full max-w-7xl px-4 py-6">
        <Outlet />
      </main>
      <ScrollRestoration />
    </div>
  );
}

function OfflineBanner() {
  const { t } = useTranslation();
  if (useOnline()) return null;
  return (
    <p role="status" className="bg-warning px-4 py-2 text-center text-sm text-background">
      {t("states.offline")}
    </p>
  );
}
