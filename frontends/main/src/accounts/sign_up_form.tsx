import { zodResolver } from "@hookform/resolvers/zod";
import { useForm } from "react-hook-form";
import { Trans, useTranslation } from "react-i18next";
import { Link } from "react-router";
import { z } from "zod";
import { useServices } from "../services";
import { Form, TextField } from "./form";
import { emailRule, passwordRule, requiredRule, SHORTEST_PASSWORD } from "./rules";
import { useSubmit } from "./use_submit";

export function SignUpForm({ onDone }: { onDone: () => unknown }) {
  const { t, i18n } = useTranslation();
  const { session } = useServices();
  const form = useForm({
    resolver: zodResolver(
      z.object({ name: requiredRule(t), email: emailRule(t), password: passwordRule(t) }),
    ),
    defaultValues: { name: "", email: "", password: "" },
  });
  const submission = useSubmit(form, async (values) => {
    await session.open("/v1/auth/register", { ...values, locale: i18n.language });
    await onDone();
  });
  return (
    <Form
      submission={submission}
      isBusy={form.formState.isSubmitting}
      submitLabel={t("accounts.sign_up.submit")}
    >
      <TextField form={form} name="name" label={t("accounts.name")} autoComplete="name" />
      <TextField form={form} name="email" type="email" label={t("accounts.email")} autoComplete="email" />
      <TextField
        form={form}
        name="password"
        type="password"
        label={t("accounts.password")}
        hint={t("accounts.password_hint", { count: SHORTEST_PASSWORD })}
        autoComplete="new-password"
      />
      <p className="text-sm text-muted-foreground">
        <Trans
          i18nKey="accounts.sign_up.terms"
          components={{ terms: <Link to="/terms" className="underline underline-offset-4" /> }}
        />
      </p>
    </Form>
  );
}
