import { Button } from "@acme/ui/button";
import { Field } from "@acme/ui/field";
import { Input } from "@acme/ui/input";
import { zodResolver } from "@hookform/resolvers/zod";
import { useForm } from "react-hook-form";
import { z } from "zod";
import { FormProblem, showProblem } from "../shell/forms";
import { Lockout, useLockout } from "./lockout";
import { PasswordInput } from "./password_input";
import { email } from "./schemas";
import type { Credentials } from "./sign_in_steps";

const schema = z.object({ email, password: z.string().min(1, "Enter your password").max(1024) });

export interface CredentialsFormProps {
  email: string;
  onSubmit: (credentials: Credentials) => Promise<void>;
}

export function CredentialsForm({ email, onSubmit }: CredentialsFormProps) {
  const form = useForm({ resolver: zodResolver(schema), defaultValues: { email, password: "" } });
  const { errors, isSubmitting } = form.formState;
  const lockout = useLockout();
  const submit = form.handleSubmit(async (values) => {
    try {
      await onSubmit(values);
    } catch (error) {
      if (!lockout.begin(error)) showProblem(form, error);
    }
  });
  return (
    <form onSubmit={submit} noValidate className="grid gap-4">
      <FormProblem form={form} />
      <Lockout seconds={lockout.seconds} />
      <Field label="E-mail" error={errors.email?.message}>
        <Input type="email" autoComplete="username" {...form.register("email")} />
      </Field>
      <Field label="Password" error={errors.password?.message}>
        <PasswordInput autoComplete="current-password" {...form.register("password")} />
      </Field>
      <Button type="submit" size="lg" isBusy={isSubmitting} disabled={lockout.seconds > 0}>
        Sign in
      </Button>
    </form>
  );
}
