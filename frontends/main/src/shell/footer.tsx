import { useTranslation } from "react-i18next";
import { Link, useLocation } from "react-router";
import { LanguageSelect, ThemeSelect } from "./preferences";

export function Footer() {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  return (
    <footer className="border-t text-sm text-muted-foreground">
      <div className="mx-auto flex max-w-7xl flex-wrap items-center gap-x-4 gap-y-1 px-4 py-3">
        <Link to="/terms" className={LINK}>
          {t("shell.terms")}
        </Link>
        <Link to="/retention" className={LINK}>
          {t("shell.retention")}
        </Link>
        {pathname !== "/account" && (
          <div className="ml-auto flex gap-2">
            <LanguageSelect aria-label={t("shell.language")} className={SMALL} />
            <ThemeSelect aria-label={t("theme.label")} className={SMALL} />
          </div>
        )}
      </div>
    </footer>
  );
}

const LINK = "inline-flex min-h-10 items-center underline-offset-4 hover:underline";
const SMALL = "min-h-10 rounded-md bg-transparent px-1 text-sm text-muted-foreground hover:text-foreground";
