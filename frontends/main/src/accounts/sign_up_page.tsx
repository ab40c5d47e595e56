import { useTranslation } from "react-i18next";
import { Link, useNavigate, useSearchParams } from "react-router";
import { AuthPage, TEXT_LINK } from "./auth_page";
import { nextPath, withNext } from "./next_path";
import { SignUpForm } from "./sign_up_form";

export function Component() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const next = nextPath(useSearchParams()[0].get("next"));
  return (
    <AuthPage
      title={t("accounts.sign_up.title")}
      intro={next.startsWith("/join/") ? t("accounts.goes_on") : undefined}
      below={
        <Link className={TEXT_LINK} to={withNext("/sign-in", next)}>
          {t("accounts.sign_in.link")}
        </Link>
      }
    >
      <SignUpForm onDone={() => navigate(next, { replace: true })} />
    </AuthPage>
  );
}
