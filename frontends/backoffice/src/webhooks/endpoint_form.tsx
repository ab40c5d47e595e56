import { answer, type Schemas } from "@acme/api/backoffice";
import { Button } from "@acme/ui/button";
import { Checkbox } from "@acme/ui/checkbox";
import { Field } from "@acme/ui/field";
import { Input } from "@acme/ui/input";
import { toast } from "@acme/ui/toaster";
import { zodResolver } from "@hookform/resolvers/zod";
import { useQueryClient } from "@tanstack/react-query";
import { Controller, useForm } from "react-hook-form";
import { z } from "zod";
import { useServices } from "@/services";
import { FormProblem, showProblem } from "@/shell/forms";
import { type Endpoint, EVENTS, type WebhookEvent, webhookKeys } from "./queries";

const NAMES = Object.keys(EVENTS) as WebhookEvent[];
const schema = z.object({
  url: z.url({ protocol: /^https?$/, error: "Enter an address, such as https://shop.example.com/hook" }),
  description: z.string().trim().max(1000),
  events: z.array(z.enum(NAMES)).min(1, "Choose at least one"),
});
type Values = z.infer<typeof schema>;

export function NewEndpointForm({ onMade }: { onMade: (secret: string) => void }) {
  const { backoffice } = useServices();
  return (
    <EndpointForm
      label="Create the endpoint"
      values={{ url: "", description: "", events: NAMES }}
      save={async (body) => onMade((await answer(backoffice.POST("/v1/webhook-endpoints", { body }))).secret)}
    />
  );
}

export function EditEndpointForm({ endpoint, onDone }: { endpoint: Endpoint; onDone: () => void }) {
  const { backoffice } = useServices();
  return (
    <EndpointForm
      label="Save"
      values={{ ...endpoint, description: endpoint.description ?? "" }}
      save={async (body) => {
        await answer(
          backoffice.PATCH("/v1/webhook-endpoints/{endpoint_id}", {
            params: { path: { endpoint_id: endpoint.id } },
            body: { ...body, version: endpoint.version },
          }),
        );
        toast.success("Saved");
        onDone();
      }}
    />
  );
}

interface EndpointFormProps {
  label: string;
  values: Values;
  save: (body: Schemas["WebhookEndpointCreate"]) => Promise<void>;
}

function EndpointForm({ label, values, save }: EndpointFormProps) {
  const client = useQueryClient();
  const form = useForm<Values>({ resolver: zodResolver(schema), defaultValues: values });
  const { errors, isSubmitting } = form.formState;
  const submit = form.handleSubmit(async ({ url, description, events }) => {
    try {
      await save({ url, events, description: description || null });
      await client.invalidateQueries({ queryKey: webhookKeys.all });
    } catch (error) {
      showProblem(form, error, { webhook_url_refused: "url" });
    }
  });
  return (
    <form noValidate className="grid gap-4" onSubmit={submit}>
      <FormProblem form={form} />
      <Field label="Address" error={errors.url?.message}>
        <Input
          type="url"
          inputMode="url"
          autoComplete="off"
          placeholder="https://shop.example.com/hook"
          {...form.register("url")}
        />
      </Field>
      <Field label="Description" hint="For yourself; it may stay empty." error={errors.description?.message}>
        <Input {...form.register("description")} />
      </Field>
      <fieldset className="grid gap-3">
        <legend className="mb-2 text-sm font-medium">Tell it when</legend>
        <Controller
          control={form.control}
          name="events"
          render={({ field }) => (
            <>
              {NAMES.map((name) => (
                <Checkbox
                  key={name}
                  label={
                    <>
                      {EVENTS[name]} <span className="text-muted-foreground">({name})</span>
                    </>
                  }
                  checked={field.value.includes(name)}
                  onCheckedChange={(isChecked) =>
                    field.onChange(
                      NAMES.filter((other) => (other === name ? isChecked : field.value.includes(other))),
                    )
                  }
                />
              ))}
            </>
          )}
        />
        {errors.events?.message && (
          <p role="alert" className="text-sm text-danger">
            {errors.events.message}
          </p>
        )}
      </fieldset>
      <Button type="submit" isBusy={isSubmitting}>
        {label}
      </Button>
    </form>
  );
}
