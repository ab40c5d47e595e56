import { Button } from "@acme/ui/button";
import { Field } from "@acme/ui/field";
import { zodResolver } from "@hookform/resolvers/zod";
import { useForm } from "react-hook-form";
import { z } from "zod";
import { FormProblem, showProblem } from "../shell/forms";
import { PasswordInput } from "./password_input";
import { newPassword } from "./schemas";

const schema = z.object({ password: newPassword });

export interface NewPasswordFormProps {
  submitLabel: string;
  onSubmit: (password: string) => Promise<unknown>;
}

export function NewPasswordForm({ submitLabel, onSubmit }: NewPasswordFormProps) {
  const form = useForm({ resolver: zodResolver(schema), defaultValues: { password: "" } });
  const submit = form.handleSubmit(async ({ password }) => {
    try {
      await onSubmit(password);
    } catch (error) {
      showProblem(form, error, { password_too_long: "password" });
    }
  });
  return (
    <form onSubmit={submit} noValidate className="grid gap-4">
      <FormProblem form={form} />
      <Field
        label="New password"
        hint="At least 8 characters."
        error={form.formState.errors.password?.message}
      >
        <PasswordInput autoComplete="new-password" {...form.register("password")} />
      </Field>
      <Button type="submit" size="lg" isBusy={form.formState.isSubmitting}>
        {submitLabel}
      </Button>
    </form>
  );
}
