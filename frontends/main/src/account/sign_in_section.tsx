import { answer } from "@acme/api/main";
import { Badge } from "@acme/ui/badge";
import { Button } from "@acme/ui/button";
import { Card, CardHeader } from "@acme/ui/card";
import { deviceName } from "@acme/ui/lib/device_name";
import { dateTime } from "@acme/ui/lib/format";
import { Failure, Skeleton } from "@acme/ui/states";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { toast } from "sonner";
import { useServices } from "../services";
import { problemText } from "../shell/problem_text";
import { type SignIn, signInsQuery } from "./queries";

export function SignInSection() {
  const { t } = useTranslation();
  const signIns = useQuery(signInsQuery(useServices()));
  return (
    <Card>
      <CardHeader title={t("account.sign_ins.title")} description={t("account.sign_ins.description")} />
      {signIns.isPending && <Skeleton className="h-16" />}
      {signIns.isError && (
        <Failure
          title={t("problems.title")}
          retryLabel={t("actions.retry")}
          onRetry={() => void signIns.refetch()}
        >
          {problemText(signIns.error, t)}
        </Failure>
      )}
      <ul className="grid gap-3">
        {signIns.data?.items.map((signIn) => (
          <Row key={signIn.id} signIn={signIn} />
        ))}
      </ul>
    </Card>
  );
}

function Row({ signIn }: { signIn: SignIn }) {
  const { t, i18n } = useTranslation();
  const { main } = useServices();
  const queries = useQueryClient();
  const end = useMutation({
    mutationFn: () =>
      answer(main.DELETE("/v1/me/sessions/{session_id}", { params: { path: { session_id: signIn.id } } })),
    onError: (error) => toast.error(problemText(error, t)),
    onSettled: () => queries.invalidateQueries({ queryKey: ["sign-ins"] }),
  });
  const device = deviceName(signIn.user_agent) ?? t("account.sign_ins.unknown");
  return (
    <li className="flex flex-wrap items-center justify-between gap-2 text-sm">
      <span className="grid">
        <span className="flex items-center gap-2 font-medium">
          {device}
          {signIn.is_current && <Badge tone="accent">{t("account.sign_ins.this")}</Badge>}
        </span>
        <span className="text-muted-foreground">
          {t("account.sign_ins.last_used", { time: dateTime(signIn.last_used_at, i18n.language) })}
        </span>
      </span>
      {!signIn.is_current && (
        <Button
          look="secondary"
          isBusy={end.isPending}
          aria-label={t("account.sign_ins.end_of", { device })}
          onClick={() => end.mutate()}
        >
          {t("account.sign_ins.end")}
        </Button>
      )}
    </li>
  );
}
