import { answer, type Schemas } from "@acme/api/main";
import { Button } from "@acme/ui/button";
import { Checkbox } from "@acme/ui/checkbox";
import { Notice } from "@acme/ui/states";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { withNext } from "../accounts/next_path";
import { activeConsent, consentsQuery } from "../consent/queries";
import { galleryKeys } from "../gallery/queries";
import { useAccount, useServices } from "../services";
import { problemText } from "../shell/problem_text";

export interface JoinFormProps {
  token: string;
  invitation: Schemas["InvitationOut"];
}

export function JoinForm({ token, invitation }: JoinFormProps) {
  const { t } = useTranslation();
  const account = useAccount();
  const terms = invitation.terms_and_conditions;
  const [hasAccepted, setAccepted] = useState(false);
  const join = useJoin(token);
  return (
    <form
      className="grid gap-5"
      onSubmit={(event) => {
        event.preventDefault();
        join.mutate(hasAccepted);
      }}
    >
      <p className="text-sm text-muted-foreground">
        {t("joining.as", { name: account.name, email: account.email })}
      </p>
      {terms && (
        <div className="grid gap-3">
          <details className="rounded-md border px-4 py-3 text-sm" open={terms.length < 600}>
            <summary className="cursor-pointer font-medium">{t("joining.terms")}</summary>
            <p className="mt-3 whitespace-pre-wrap">{terms}</p>
          </details>
          <Checkbox
            label={t("joining.accept")}
            checked={hasAccepted}
            onCheckedChange={(checked) => setAccepted(checked === true)}
          />
        </div>
      )}
      {join.isError && (
        <Notice tone="danger" role="alert">
          {problemText(join.error, t)}
        </Notice>
      )}
      <Button type="submit" size="lg" isBusy={join.isPending} disabled={Boolean(terms) && !hasAccepted}>
        {t("joining.join")}
      </Button>
    </form>
  );
}

/** Then on to what is missing: the consent, which leads to the selfie; else the photos. */
function useJoin(token: string) {
  const services = useServices();
  const queries = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: (accepted: boolean) =>
      answer(services.main.POST("/v1/projects/join", { body: { token, accept_terms: accepted } })),
    onSuccess: async ({ project_id }) => {
      await queries.invalidateQueries({ queryKey: galleryKeys.all });
      const gallery = `/projects/${project_id}`;
      const consents = await queries.fetchQuery(consentsQuery(services)).catch(() => null);
      const isMissing = consents !== null && !activeConsent(consents.items);
      await navigate(isMissing ? withNext("/consent", gallery) : gallery, { replace: true });
    },
  });
}
