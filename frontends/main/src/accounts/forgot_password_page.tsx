import { answer } from "@acme/api/main";
import { zodResolver } from "@hookform/resolvers/zod";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { z } from "zod";
import { useServices } from "../services";
import { AuthPage, TEXT_LINK } from "./auth_page";
import { Form, TextField } from "./form";
import { nextPath, withNext } from "./next_path";
import { emailRule } from "./rules";
import { useSubmit } from "./use_submit";

export function Component() {
  const { t } = useTranslation();
  const { main } = useServices();
  const next = nextPath(useSearchParams()[0].get("next"));
  const [sentTo, setSentTo] = useState<string | null>(null);
  const form = useForm({
    resolver: zodResolver(z.object({ email: emailRule(t) })),
    defaultValues: { email: "" },
  });
  const submission = useSubmit(form, async (values) => {
    await answer(main.POST("/v1/auth/password/forgot", { body: values }));
    setSentTo(values.email);
  });
  return (
    <AuthPage
      title={t("accounts.forgot.title")}
      intro={sentTo ? undefined : t("accounts.forgot.intro")}
      below={
        <Link className={TEXT_LINK} to={withNext("/sign-in", next)}>
          {t("accounts.back_to_sign_in")}
        </Link>
      }
    >
      {sentTo ? (
        <p role="status">{t("accounts.forgot.sent", { email: sentTo })}</p>
      ) : (
        <Form
          submission={submission}
          isBusy={form.formState.isSubmitting}
          submitLabel={t("accounts.forgot.submit")}
        >
          <TextField form={form} name="email" type="email" label={t("accounts.email")} autoComplete="email" />
        </Form>
      )}
    </AuthPage>
  );
}
