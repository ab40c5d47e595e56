import { Problem } from "@acme/api/problem";
import { Notice } from "@acme/ui/states";
import type { FieldPath, FieldValues, UseFormReturn } from "react-hook-form";
import { problemText } from "./problem_text";

/**
 * Says what the server refused: at the field where it is about one, else above the form (`FormProblem`).
 * `fields` names the field that a problem's code is about.
 */
export function showProblem<Values extends FieldValues>(
  form: UseFormReturn<Values>,
  error: unknown,
  fields: Record<string, FieldPath<Values>> = {},
): void {
  const complaints = error instanceof Problem ? complaintsOf(form, error, fields) : [];
  complaints.forEach(({ field, message }, index) => {
    form.setError(field, { type: "server", message }, { shouldFocus: index === 0 });
  });
  if (complaints.length === 0) form.setError("root.server", { message: problemText(error) });
}

export function FormProblem<Values extends FieldValues>({ form }: { form: UseFormReturn<Values> }) {
  const message = form.formState.errors.root?.server?.message;
  return (
    message && (
      <Notice tone="danger" role="alert">
        {message}
      </Notice>
    )
  );
}

function complaintsOf<Values extends FieldValues>(
  form: UseFormReturn<Values>,
  problem: Problem,
  fields: Record<string, FieldPath<Values>>,
): { field: FieldPath<Values>; message: string }[] {
  const byCode = fields[problem.code];
  if (byCode) return [{ field: byCode, message: problem.message }];
  const names = Object.keys(form.getValues()) as FieldPath<Values>[];
  return problem.errors.flatMap(({ loc, msg }) => {
    const field = names.find((name) => loc.includes(name));
    return field ? [{ field, message: msg }] : [];
  });
}
