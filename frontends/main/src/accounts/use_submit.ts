import { Problem } from "@acme/api/problem";
import { duration } from "@acme/ui/lib/format";
import { useState } from "react";
import type { FieldValues, Path, UseFormReturn } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { problemText } from "../shell/problem_text";

export interface Submission {
  /** What went wrong, in words; null when nothing has. */
  failure: string | null;
  onSubmit: (event: React.FormEvent) => void;
}

/** Sends a form. What the server says about a field is shown at the field, all else above the form. */
export function useSubmit<Values extends FieldValues>(
  form: UseFormReturn<Values>,
  send: (values: Values) => Promise<void>,
): Submission {
  const { t, i18n } = useTranslation();
  const [failure, setFailure] = useState<string | null>(null);

  async function submit(values: Values): Promise<void> {
    setFailure(null);
    try {
      await send(values);
    } catch (error) {
      if (showAtFields(error, form)) return;
      const seconds = error instanceof Problem ? error.retryAfterSeconds : null;
      const wait =
        seconds === null ? "" : ` ${t("accounts.wait", { time: duration(seconds, i18n.language) })}`;
      setFailure(problemText(error, t) + wait);
    }
  }
  return { failure, onSubmit: (event) => void form.handleSubmit(submit)(event) };
}

/** Whether everything that the server complained of has a field here. */
function showAtFields<Values extends FieldValues>(error: unknown, form: UseFormReturn<Values>): boolean {
  if (!(error instanceof Problem) || error.errors.length === 0) return false;
  const fields = error.errors.map(({ loc, msg }) => ({ name: String(loc.at(-1)) as Path<Values>, msg }));
  const known = fields.filter(({ name }) => name in form.getValues());
  for (const { name, msg } of known) form.setError(name, { message: msg });
  return known.length === fields.length;
}
