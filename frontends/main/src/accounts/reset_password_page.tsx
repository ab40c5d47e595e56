import { answer } from "@acme/api/main";
import { Button } from "@acme/ui/button";
import { zodResolver } from "@hookform/resolvers/zod";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "react-router";
import { z } from "zod";
import { useServices } from "../services";
import { AuthPage, TEXT_LINK } from "./auth_page";
import { Form, TextField } from "./form";
import { passwordRule, SHORTEST_PASSWORD } from "./rules";
import { useSubmit } from "./use_submit";

/** The token is in the link's fragment: no server and no log sees it. */
export function Component() {
  const { t } = useTranslation();
  const { main } = useServices();
  const token = useLocation().hash.slice(1);
  const [isDone, setDone] = useState(false);
  const form = useForm({
    resolver: zodResolver(z.object({ password: passwordRule(t) })),
    defaultValues: { password: "" },
  });
  const submission = useSubmit(form, async ({ password }) => {
    await answer(main.POST("/v1/auth/password/reset", { body: { token, password } }));
    setDone(true);
  });
  return (
    <AuthPage
      title={t("accounts.reset.title")}
      below={
        !isDone && (
          <Link className={TEXT_LINK} to="/forgot-password">
            {t("accounts.reset.again")}
          </Link>
        )
      }
    >
      {isDone ? (
        <div className="grid gap-4">
          <p role="status">{t("accounts.reset.done")}</p>
          <Button asChild size="lg">
            <Link to="/sign-in">{t("accounts.sign_in.submit")}</Link>
          </Button>
        </div>
      ) : (
        <Form
          submission={submission}
          isBusy={form.formState.isSubmitting}
          submitLabel={t("accounts.reset.submit")}
        >
          <TextField
            form={form}
            name="password"
            type="password"
            label={t("accounts.new_password")}
            hint={t("accounts.password_hint", { count: SHORTEST_PASSWORD })}
            autoComplete="new-password"
          />
        </Form>
      )}
    </AuthPage>
  );
}
