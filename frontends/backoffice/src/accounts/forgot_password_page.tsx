import { answer } from "@acme/api/backoffice";
import { Button } from "@acme/ui/button";
import { Field } from "@acme/ui/field";
import { Input } from "@acme/ui/input";
import { Notice } from "@acme/ui/states";
import { zodResolver } from "@hookform/resolvers/zod";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { Link } from "react-router";
import { z } from "zod";
import { useServices } from "../services";
import { FormProblem, showProblem } from "../shell/forms";
import { AuthLayout } from "./auth_layout";
import { email } from "./schemas";

const schema = z.object({ email });

export function Component() {
  const [sentTo, setSentTo] = useState<string>();
  return (
    <AuthLayout
      title="Forgot your password?"
      description="We send you a link to choose a new one."
      below={
        <Link className="text-accent-foreground underline underline-offset-4" to="/sign-in">
          Back to sign-in
        </Link>
      }
    >
      {sentTo ? <Sent address={sentTo} /> : <AddressForm onSent={setSentTo} />}
    </AuthLayout>
  );
}

function Sent({ address }: { address: string }) {
  return (
    <Notice tone="accent" role="status">
      If <strong>{address}</strong> has an account here, a mail is on its way. Its link is valid for one hour.
      Nothing there? Look into your spam folder.
    </Notice>
  );
}

function AddressForm({ onSent }: { onSent: (address: string) => void }) {
  const { backoffice } = useServices();
  const form = useForm({ resolver: zodResolver(schema), defaultValues: { email: "" } });
  const submit = form.handleSubmit(async (body) => {
    try {
      await answer(backoffice.POST("/v1/auth/password/forgot", { body }));
      onSent(body.email);
    } catch (error) {
      showProblem(form, error);
    }
  });
  return (
    <form onSubmit={submit} noValidate className="grid gap-4">
      <FormProblem form={form} />
      <Field label="E-mail" error={form.formState.errors.email?.message}>
        <Input type="email" autoComplete="username" {...form.register("email")} />
      </Field>
      <Button type="submit" size="lg" isBusy={form.formState.isSubmitting}>
        Send the link
      </Button>
    </form>
  );
}
