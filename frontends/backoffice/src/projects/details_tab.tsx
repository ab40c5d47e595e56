import { answer } from "@acme/api/backoffice";
import { hasCode } from "@acme/api/problem";
import { Button } from "@acme/ui/button";
import { Card, CardHeader } from "@acme/ui/card";
import { Confirm } from "@acme/ui/confirm";
import { Field } from "@acme/ui/field";
import { Input, Textarea } from "@acme/ui/input";
import { Notice } from "@acme/ui/states";
import { Switch } from "@acme/ui/switch";
import { toast } from "@acme/ui/toaster";
import { zodResolver } from "@hookform/resolvers/zod";
import { useQueryClient } from "@tanstack/react-query";
import { useForm } from "react-hook-form";
import { useNavigate } from "react-router";
import { ChoiceSelect } from "@/regions/choice_select";
import { timeZoneChoices } from "@/regions/regions";
import { useAccount, useServices } from "@/services";
import { FormProblem, showProblem } from "@/shell/forms";
import { useChange } from "@/shell/use_change";
import { changeOf, type Details, detailsOf, detailsSchema } from "./details";
import { FaceIndex } from "./face_index";
import { useProject } from "./project_page";
import { type Project, projectKeys } from "./queries";

export function Component() {
  const project = useProject();
  return (
    <div className="grid max-w-3xl gap-6">
      <DetailsForm key={project.version} project={project} />
      <FaceIndex projectId={project.id} />
      <Deletion project={project} />
    </div>
  );
}

function DetailsForm({ project }: { project: Project }) {
  const { timezone } = useAccount();
  const { backoffice } = useServices();
  const client = useQueryClient();
  const form = useForm<Details>({
    resolver: zodResolver(detailsSchema),
    defaultValues: detailsOf(project, timezone ?? "UTC"),
  });
  const { errors, isSubmitting, isDirty } = form.formState;
  const submit = form.handleSubmit(async (values) => {
    const path = { project_id: project.id };
    const body = { ...changeOf(values), version: project.version };
    try {
      const saved = await answer(backoffice.PATCH("/v1/projects/{project_id}", { params: { path }, body }));
      client.setQueryData(projectKeys.one(project.id), saved);
      toast.success("Saved");
    } catch (error) {
      if (hasCode(error, "stale_version")) form.setError("root.stale", { message: error.message });
      else showProblem(form, error);
    }
  });
  return (
    <Card>
      <CardHeader title="Details" description="Guests see these when they scan the code." />
      <form noValidate className="grid gap-5" onSubmit={submit}>
        <FormProblem form={form} />
        {errors.root?.stale && <Stale project={project} />}
        <Field label="Name" error={errors.name?.message}>
          <Input {...form.register("name")} />
        </Field>
        <Field label="Place" error={errors.location_name?.message}>
          <Input {...form.register("location_name")} placeholder="Orangery, Vienna" />
        </Field>
        <Field label="Time zone" error={errors.timezone?.message}>
          <ChoiceSelect
            choices={timeZoneChoices(form.getValues("timezone"))}
            {...form.register("timezone")}
          />
        </Field>
        <div className="grid gap-5 sm:grid-cols-2">
          <Field label="Begins" hint="On the clocks of the place" error={errors.start_at?.message}>
            <Input type="datetime-local" {...form.register("start_at")} />
          </Field>
          <Field label="Ends" error={errors.end_at?.message}>
            <Input type="datetime-local" {...form.register("end_at")} />
          </Field>
        </div>
        <Field label="Link" hint="A page about the event" error={errors.project_link?.message}>
          <Input type="url" {...form.register("project_link")} placeholder="https://" />
        </Field>
        <Field
          label="Terms"
          hint="Guests accept these when they join. Leave them empty for none."
          error={errors.terms_and_conditions?.message}
        >
          <Textarea rows={6} {...form.register("terms_and_conditions")} />
        </Field>
        <Switch
          label="Matches wait for a verified e-mail address"
          hint="Guests see the photos that recognition has found once they have opened the link in our mail. It makes a selfie of somebody else harder to use."
          checked={form.watch("matches_need_verified_email")}
          onCheckedChange={(isWanted) =>
            form.setValue("matches_need_verified_email", isWanted, { shouldDirty: true })
          }
        />
        <Button type="submit" className="justify-self-start" isBusy={isSubmitting} disabled={!isDirty}>
          Save
        </Button>
      </form>
    </Card>
  );
}

function Stale({ project }: { project: Project }) {
  const client = useQueryClient();
  return (
    <Notice tone="danger" role="alert" className="grid gap-2">
      Somebody has changed this project meanwhile. Load it again, and make your changes once more.
      <Button
        look="secondary"
        className="justify-self-start"
        onClick={() => void client.invalidateQueries({ queryKey: projectKeys.one(project.id) })}
      >
        Load again
      </Button>
    </Notice>
  );
}

function Deletion({ project }: { project: Project }) {
  const { backoffice } = useServices();
  const navigate = useNavigate();
  const path = { project_id: project.id };
  const deletion = useChange({
    run: async () => {
      await answer(backoffice.DELETE("/v1/projects/{project_id}", { params: { path } }));
      await navigate("/projects");
    },
    changes: [projectKeys.all],
    done: `${project.name} is deleted`,
  });
  return (
    <Card>
      <CardHeader
        title="Delete the project"
        description="Guests lose it at once. It can be restored from the deleted projects."
        actions={
          <Confirm
            trigger={
              <Button look="danger" isBusy={deletion.isPending}>
                Delete
              </Button>
            }
            title={`Delete ${project.name}?`}
            description="Guests and photographers no longer see it, and its QR codes stop working."
            confirmLabel="Delete the project"
            cancelLabel="Keep it"
            onConfirm={() => deletion.mutate()}
          />
        }
      />
    </Card>
  );
}
