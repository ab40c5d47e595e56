import { Button } from "@acme/ui/button";
import { Field } from "@acme/ui/field";
import { Input } from "@acme/ui/input";
import { zodResolver } from "@hookform/resolvers/zod";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { Link, Navigate, useSearchParams } from "react-router";
import { z } from "zod";
import { ChoiceSelect } from "../regions/choice_select";
import { currencyChoices, localeChoices, ownRegion, timeZoneChoices } from "../regions/regions";
import { useServices, useSessionState } from "../services";
import { FormProblem, showProblem } from "../shell/forms";
import { HOMES } from "../shell/homes";
import { safeNext } from "../shell/next";
import { AuthLayout } from "./auth_layout";
import { PasswordInput } from "./password_input";
import { email, givenName, newPassword } from "./schemas";

const schema = z.object({
  name: givenName,
  email,
  password: newPassword,
  currency: z.string(),
  locale: z.string(),
  timezone: z.string(),
});

export function Component() {
  const state = useSessionState();
  const [query] = useSearchParams();
  if (state.status === "signed-in") {
    return <Navigate to={safeNext(query.get("next")) ?? HOMES[state.account.role]} replace />;
  }
  return (
    <AuthLayout
      title="Create an operator account"
      description="For those who run events. Photographers are invited by their operator."
      below={
        <p>
          You have an account?{" "}
          <Link
            className="text-accent-foreground underline underline-offset-4 hover:no-underline"
            to={`/sign-in?${query.toString()}`}
          >
            Sign in
          </Link>
        </p>
      }
    >
      <SignUpForm />
    </AuthLayout>
  );
}

function SignUpForm() {
  const { session } = useServices();
  const [region] = useState(ownRegion);
  const form = useForm({
    resolver: zodResolver(schema),
    defaultValues: { name: "", email: "", password: "", ...region },
  });
  const { errors, isSubmitting } = form.formState;
  const submit = form.handleSubmit((values) =>
    session.open("/v1/auth/register", values).catch((error: unknown) => {
      showProblem(form, error, { email_taken: "email", password_too_long: "password" });
    }),
  );
  return (
    <form onSubmit={submit} noValidate className="grid gap-4">
      <FormProblem form={form} />
      <Field label="Name" hint="Guests see it beside your events." error={errors.name?.message}>
        <Input autoComplete="organization" {...form.register("name")} />
      </Field>
      <Field label="E-mail" error={errors.email?.message}>
        <Input type="email" autoComplete="username" {...form.register("email")} />
      </Field>
      <Field label="Password" hint="At least 8 characters." error={errors.password?.message}>
        <PasswordInput autoComplete="new-password" {...form.register("password")} />
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Currency" error={errors.currency?.message}>
          <ChoiceSelect choices={currencyChoices(region.currency)} {...form.register("currency")} />
        </Field>
        <Field label="Language and format" error={errors.locale?.message}>
          <ChoiceSelect choices={localeChoices(region.locale)} {...form.register("locale")} />
        </Field>
      </div>
      <Field label="Time zone" error={errors.timezone?.message}>
        <ChoiceSelect choices={timeZoneChoices(region.timezone)} {...form.register("timezone")} />
      </Field>
      <Button type="submit" size="lg" isBusy={isSubmitting}>
        Create account
      </Button>
    </form>
  );
}
