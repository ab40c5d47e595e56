import { answer } from "@acme/api/backoffice";
import { Button } from "@acme/ui/button";
import { Dialog, DialogContent, DialogTrigger } from "@acme/ui/dialog";
import { Field } from "@acme/ui/field";
import { Input } from "@acme/ui/input";
import { zodResolver } from "@hookform/resolvers/zod";
import { useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useForm } from "react-hook-form";
import { useNavigate } from "react-router";
import { z } from "zod";
import { useServices } from "@/services";
import { FormProblem, showProblem } from "@/shell/forms";
import { projectKeys } from "./queries";

const schema = z.object({ name: z.string().trim().min(1, "Give the project a name").max(255) });

export function NewProject() {
  return (
    <Dialog>
      <DialogTrigger asChild>
        <Button>
          <Plus aria-hidden /> New project
        </Button>
      </DialogTrigger>
      <DialogContent title="New project" description="All else can be filled in later.">
        <NameForm />
      </DialogContent>
    </Dialog>
  );
}

function NameForm() {
  const { backoffice } = useServices();
  const navigate = useNavigate();
  const client = useQueryClient();
  const form = useForm({ resolver: zodResolver(schema), defaultValues: { name: "" } });
  const submit = form.handleSubmit(async (values) => {
    try {
      const project = await answer(backoffice.POST("/v1/projects", { body: values }));
      await client.invalidateQueries({ queryKey: projectKeys.all });
      await navigate(`/projects/${project.id}/details`);
    } catch (error) {
      showProblem(form, error);
    }
  });
  return (
    <form noValidate className="grid gap-4" onSubmit={submit}>
      <FormProblem form={form} />
      <Field label="Name" error={form.formState.errors.name?.message}>
        <Input {...form.register("name")} placeholder="Summer gala" />
      </Field>
      <Button type="submit" isBusy={form.formState.isSubmitting}>
        Create the project
      </Button>
    </form>
  );
}
