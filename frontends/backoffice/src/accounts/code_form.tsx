import { Button } from "@acme/ui/button";
import { Field } from "@acme/ui/field";
import { Input } from "@acme/ui/input";
import { zodResolver } from "@hookform/resolvers/zod";
import { useForm } from "react-hook-form";
import { z } from "zod";
import { FormProblem, showProblem } from "../shell/forms";
import { Lockout, useLockout } from "./lockout";

const schema = z.object({ code: z.string().trim().min(1, "Enter the code").max(40) });

export interface CodeFormProps {
  onSubmit: (code: string) => Promise<void>;
  onBack: () => void;
}

export function CodeForm({ onSubmit, onBack }: CodeFormProps) {
  const form = useForm({ resolver: zodResolver(schema), defaultValues: { code: "" } });
  const { errors, isSubmitting } = form.formState;
  const lockout = useLockout();
  const submit = form.handleSubmit(async ({ code }) => {
    try {
      await onSubmit(code);
    } catch (error) {
      if (!lockout.begin(error)) showProblem(form, error, { invalid_totp_code: "code" });
    }
  });
  return (
    <form onSubmit={submit} noValidate className="grid gap-4">
      <FormProblem form={form} />
      <Lockout seconds={lockout.seconds} />
      <Field label="Code" error={errors.code?.message}>
        <Input
          autoFocus
          autoComplete="one-time-code"
          autoCapitalize="none"
          spellCheck={false}
          className="text-center text-lg tracking-widest sm:text-lg"
          {...form.register("code")}
        />
      </Field>
      <Button type="submit" size="lg" isBusy={isSubmitting} disabled={lockout.seconds > 0}>
        Continue
      </Button>
      <Button look="ghost" onClick={onBack}>
        Use another account
      </Button>
    </form>
  );
}
