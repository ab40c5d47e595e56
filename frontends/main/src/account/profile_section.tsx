import { answer } from "@acme/api/main";
import { Button } from "@acme/ui/button";
import { Card, CardHeader } from "@acme/ui/card";
import { Notice } from "@acme/ui/states";
import { Switch } from "@acme/ui/switch";
import { zodResolver } from "@hookform/resolvers/zod";
import { useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { toast } from "sonner";
import { z } from "zod";
import { TextField } from "../accounts/form";
import { requiredRule } from "../accounts/rules";
import { useSubmit } from "../accounts/use_submit";
import { useAccount, useServices } from "../services";

export function ProfileSection() {
  const { t } = useTranslation();
  const { main, session } = useServices();
  const account = useAccount();
  const form = useForm({
    resolver: zodResolver(z.object({ name: requiredRule(t), wants_photo_mails: z.boolean() })),
    defaultValues: { name: account.name, wants_photo_mails: account.wants_photo_mails },
  });
  const submission = useSubmit(form, async (values) => {
    session.update(await answer(main.PATCH("/v1/me", { body: values })));
    form.reset(values);
    toast.success(t("account.profile.saved"));
  });
  return (
    <Card>
      <CardHeader title={t("account.profile.title")} />
      <form noValidate className="grid gap-5" onSubmit={submission.onSubmit}>
        {submission.failure && (
          <Notice tone="danger" role="alert">
            {submission.failure}
          </Notice>
        )}
        <TextField form={form} name="name" label={t("accounts.name")} autoComplete="name" />
        <Switch
          label={t("account.profile.photo_mails")}
          checked={form.watch("wants_photo_mails")}
          onCheckedChange={(wanted) => form.setValue("wants_photo_mails", wanted, { shouldDirty: true })}
        />
        <Button
          type="submit"
          className="justify-self-start"
          isBusy={form.formState.isSubmitting}
          disabled={!form.formState.isDirty}
        >
          {t("actions.save")}
        </Button>
      </form>
    </Card>
  );
}
