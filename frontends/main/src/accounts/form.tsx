import { Button } from "@acme/ui/button";
import { Field } from "@acme/ui/field";
import { Input } from "@acme/ui/input";
import { Notice } from "@acme/ui/states";
import type { ReactNode } from "react";
import type { FieldValues, Path, UseFormReturn } from "react-hook-form";
import type { Submission } from "./use_submit";

export interface FormProps {
  submission: Submission;
  isBusy: boolean;
  submitLabel: string;
  children: ReactNode;
}

export function Form({ submission, isBusy, submitLabel, children }: FormProps) {
  return (
    <form noValidate className="grid gap-5" onSubmit={submission.onSubmit}>
      {submission.failure && (
        <Notice tone="danger" role="alert">
          {submission.failure}
        </Notice>
      )}
      {children}
      <Button type="submit" size="lg" isBusy={isBusy}>
        {submitLabel}
      </Button>
    </form>
  );
}

export interface TextFieldProps<Values extends FieldValues> {
  form: UseFormReturn<Values>;
  name: Path<Values>;
  label: string;
  hint?: string;
  type?: "text" | "email" | "password";
  autoComplete: string;
}

export function TextField<Values extends FieldValues>(props: TextFieldProps<Values>) {
  const { form, name, label, hint, type = "text", autoComplete } = props;
  return (
    <Field label={label} hint={hint} error={form.getFieldState(name, form.formState).error?.message}>
      <Input type={type} autoComplete={autoComplete} {...form.register(name)} />
    </Field>
  );
}
