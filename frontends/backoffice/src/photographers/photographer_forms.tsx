import { answer } from "@acme/api/backoffice";
import { Button } from "@acme/ui/button";
import { Field } from "@acme/ui/field";
import { Input } from "@acme/ui/input";
import { toast } from "@acme/ui/toaster";
import { zodResolver } from "@hookform/resolvers/zod";
import { useQueryClient } from "@tanstack/react-query";
import { useForm } from "react-hook-form";
import { z } from "zod";
import { email, givenName } from "@/accounts/schemas";
import { useServices } from "@/services";
import { FormProblem, showProblem } from "@/shell/forms";
import { type Photographer, photographerKeys } from "./queries";

const inviteSchema = z.object({ name: givenName, email });
const editSchema = z.object({ name: givenName, address: z.string().max(1000) });

export function InviteForm({ onDone }: { onDone: () => void }) {
  const { backoffice } = useServices();
  const client = useQueryClient();
  const form = useForm({ resolver: zodResolver(inviteSchema), defaultValues: { name: "", email: "" } });
  const { errors, isSubmitting } = form.formState;
  const submit = form.handleSubmit(async (values) => {
    try {
      await answer(backoffice.POST("/v1/photographers", { body: values }));
      await client.invalidateQueries({ queryKey: photographerKeys.all });
      toast.success(`An invitation is on its way to ${values.email}`);
      onDone();
    } catch (error) {
      showProblem(form, error, { email_taken: "email" });
    }
  });
  return (
    <form noValidate className="grid gap-4" onSubmit={submit}>
      <FormProblem form={form} />
      <Field label="Name" error={errors.name?.message}>
        <Input autoComplete="off" {...form.register("name")} />
      </Field>
      <Field label="E-mail" error={errors.email?.message}>
        <Input type="email" autoComplete="off" {...form.register("email")} />
      </Field>
      <Button type="submit" isBusy={isSubmitting}>
        Send the invitation
      </Button>
    </form>
  );
}

export function EditForm({ photographer, onDone }: { photographer: Photographer; onDone: () => void }) {
  const { backoffice } = useServices();
  const client = useQueryClient();
  const form = useForm({
    resolver: zodResolver(editSchema),
    defaultValues: { name: photographer.name, address: photographer.address ?? "" },
  });
  const { errors, isSubmitting } = form.formState;
  const submit = form.handleSubmit(async ({ name, address }) => {
    const path = { photographer_id: photographer.id };
    const body = { name, address: address || null, version: photographer.version };
    try {
      await answer(backoffice.PATCH("/v1/photographers/{photographer_id}", { params: { path }, body }));
      await client.invalidateQueries({ queryKey: photographerKeys.all });
      onDone();
    } catch (error) {
      showProblem(form, error);
    }
  });
  return (
    <form noValidate className="grid gap-4" onSubmit={submit}>
      <FormProblem form={form} />
      <Field label="Name" error={errors.name?.message}>
        <Input {...form.register("name")} />
      </Field>
      <Field label="Address" error={errors.address?.message}>
        <Input {...form.register("address")} />
      </Field>
      <Button type="submit" isBusy={isSubmitting}>
        Save
      </Button>
    </form>
  );
}
