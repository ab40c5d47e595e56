import { answer } from "@acme/api/backoffice";
import { Button } from "@acme/ui/button";
import { Field } from "@acme/ui/field";
import { Input, Select } from "@acme/ui/input";
import { zodResolver } from "@hookform/resolvers/zod";
import { useQueryClient } from "@tanstack/react-query";
import { useForm } from "react-hook-form";
import { z } from "zod";
import { useServices } from "@/services";
import { FormProblem, showProblem } from "@/shell/forms";
import { projectKeys } from "./queries";

const DAY_S = 86_400;
const PERIODS: [days: number, label: string][] = [
  [1, "one day"],
  [7, "one week"],
  [30, "30 days"],
  [365, "one year"],
];

const schema = z.object({
  kind: z.enum(["poster", "card"]),
  days: z.coerce.number(),
  label: z.string().trim().max(100),
});

export function QrForm({ projectId, onDone }: { projectId: string; onDone: () => void }) {
  const { backoffice } = useServices();
  const client = useQueryClient();
  const form = useForm<z.input<typeof schema>, unknown, z.output<typeof schema>>({
    resolver: zodResolver(schema),
    defaultValues: { kind: "poster", days: 30, label: "" },
  });
  const submit = form.handleSubmit(async ({ kind, days, label }) => {
    const body = { kind, expires_in_s: days * DAY_S, label: label || null };
    try {
      const path = { project_id: projectId };
      await answer(backoffice.POST("/v1/projects/{project_id}/qr-tokens", { params: { path }, body }));
      await client.invalidateQueries({ queryKey: projectKeys.part(projectId, "qr-tokens") });
      onDone();
    } catch (error) {
      showProblem(form, error);
    }
  });
  return (
    <form noValidate className="grid gap-4" onSubmit={submit}>
      <FormProblem form={form} />
      <Field label="Kind">
        <Select {...form.register("kind")}>
          <option value="poster">Poster: for everybody</option>
          <option value="card">Card: for one guest, once</option>
        </Select>
      </Field>
      <Field label="It works for">
        <Select {...form.register("days")}>
          {PERIODS.map(([days, label]) => (
            <option key={days} value={days}>
              {label}
            </option>
          ))}
        </Select>
      </Field>
      <Field
        label="Label"
        hint="Where it hangs, say. Guests do not see it."
        error={form.formState.errors.label?.message}
      >
        <Input {...form.register("label")} placeholder="Entrance" />
      </Field>
      <Button type="submit" isBusy={form.formState.isSubmitting}>
        Make the code
      </Button>
    </form>
  );
}
