import { zodResolver } from "@hookform/resolvers/zod";
import { useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useSearchParams } from "react-router";
import { z } from "zod";
import { adoptLanguage } from "../i18n";
import { useServices } from "../services";
import { AuthPage, TEXT_LINK } from "./auth_page";
import { Form, TextField } from "./form";
import { nextPath, withNext } from "./next_path";
import { emailRule, requiredRule } from "./rules";
import { useSubmit } from "./use_submit";

export function Component() {
  const { t } = useTranslation();
  const { session } = useServices();
  const navigate = useNavigate();
  const next = nextPath(useSearchParams()[0].get("next"));
  const form = useForm({
    resolver: zodResolver(z.object({ email: emailRule(t), password: requiredRule(t) })),
    defaultValues: { email: "", password: "" },
  });
  const submission = useSubmit(form, async (values) => {
    const account = await session.open("/v1/auth/login", values);
    await adoptLanguage(account.locale);
    await navigate(next, { replace: true });
  });
  return (
    <AuthPage
      title={t("accounts.sign_in.title")}
      intro={next.startsWith("/join/") ? t("accounts.goes_on") : undefined}
      below={
        <>
          <Link className={TEXT_LINK} to={withNext("/forgot-password", next)}>
            {t("accounts.forgot.link")}
          </Link>
          <Link className={TEXT_LINK} to={withNext("/sign-up", next)}>
            {t("accounts.sign_up.link")}
          </Link>
        </>
      }
    >
      <Form
        submission={submission}
        isBusy={form.formState.isSubmitting}
        submitLabel={t("accounts.sign_in.submit")}
      >
        <TextField form={form} name="email" type="email" label={t("accounts.email")} autoComplete="email" />
        <TextField
          form={form}
          name="password"
          type="password"
          label={t("accounts.password")}
          autoComplete="current-password"
        />
      </Form>
    </AuthPage>
  );
}
