import { answer } from "@acme/api/backoffice";
import { Button } from "@acme/ui/button";
import { Card, CardHeader } from "@acme/ui/card";
import { Field } from "@acme/ui/field";
import { Input } from "@acme/ui/input";
import { toast } from "@acme/ui/toaster";
import { zodResolver } from "@hookform/resolvers/zod";
import { useForm } from "react-hook-form";
import { z } from "zod";
import { givenName } from "@/accounts/schemas";
import { ChoiceSelect } from "@/regions/choice_select";
import { currencyChoices, localeChoices, timeZoneChoices } from "@/regions/regions";
import { useAccount, useServices } from "@/services";
import { FormProblem, showProblem } from "@/shell/forms";

const schema = z.object({ name: givenName, currency: z.string(), locale: z.string(), timezone: z.string() });

export function ProfileSection() {
  const { backoffice, session } = useServices();
  const account = useAccount();
  const isOperator = account.role === "operator";
  const form = useForm({
    resolver: zodResolver(schema),
    defaultValues: {
      name: account.name,
      currency: account.currency ?? "EUR",
      locale: account.locale ?? "en",
      timezone: account.timezone ?? "UTC",
    },
  });
  const { errors, isSubmitting, isDirty } = form.formState;
  const submit = form.handleSubmit(async (values) => {
    const body = isOperator ? values : { name: values.name };
    try {
      session.update(await answer(backoffice.PATCH("/v1/me", { body })));
      form.reset(values);
      toast.success("Saved");
    } catch (error) {
      showProblem(form, error);
    }
  });
  const { currency, locale, timezone } = form.getValues();
  return (
    <Card>
      <CardHeader
        title="Profile"
        description={
          isOperator ? "Prices are in your currency; days are those of your time zone." : undefined
        }
      />
      <form noValidate className="grid gap-4" onSubmit={submit}>
        <FormProblem form={form} />
        <Field label="Name" error={errors.name?.message}>
          <Input autoComplete="organization" {...form.register("name")} />
        </Field>
        {isOperator && (
          <>
            <Field label="Currency" hint="Changing it changes no price: 15.00 stay 15.00.">
              <ChoiceSelect choices={currencyChoices(currency)} {...form.register("currency")} />
            </Field>
            <Field label="Language and formats">
              <ChoiceSelect choices={localeChoices(locale)} {...form.register("locale")} />
            </Field>
            <Field label="Time zone">
              <ChoiceSelect choices={timeZoneChoices(timezone)} {...form.register("timezone")} />
            </Field>
          </>
        )}
        <Button type="submit" className="justify-self-start" isBusy={isSubmitting} disabled={!isDirty}>
          Save
        </Button>
      </form>
    </Card>
  );
}
