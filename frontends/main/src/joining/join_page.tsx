import { hasCode } from "@acme/api/problem";
import { Button } from "@acme/ui/button";
import { Card } from "@acme/ui/card";
import { Failure, Skeleton } from "@acme/ui/states";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { withNext } from "../accounts/next_path";
import { SignUpForm } from "../accounts/sign_up_form";
import { useServices, useSessionState } from "../services";
import { problemText } from "../shell/problem_text";
import { InvitationHeader } from "./invitation_header";
import { JoinForm } from "./join_form";
import { invitationQuery } from "./queries";

export function Component() {
  const { token = "" } = useParams();
  const invitation = useQuery(invitationQuery(useServices(), token));
  const isSignedIn = useSessionState().status === "signed-in";
  if (invitation.isPending) return <Waiting />;
  if (invitation.isError) return <NoSuchCode error={invitation.error} onRetry={() => invitation.refetch()} />;
  return (
    <div className="mx-auto grid w-full max-w-lg gap-6">
      <title>{invitation.data.name}</title>
      <InvitationHeader invitation={invitation.data} />
      <Card>
        {isSignedIn ? <JoinForm token={token} invitation={invitation.data} /> : <NewGuest token={token} />}
      </Card>
    </div>
  );
}

/** Signing up happens right here; the page then shows how to join. */
function NewGuest({ token }: { token: string }) {
  const { t } = useTranslation();
  return (
    <div className="grid gap-5">
      <div className="grid gap-1">
        <h2 className="font-semibold">{t("joining.new_guest")}</h2>
        <p className="text-sm text-muted-foreground">{t("joining.why_account")}</p>
      </div>
      <Button asChild look="secondary">
        <Link to={withNext("/sign-in", `/join/${token}`)}>{t("joining.have_account")}</Link>
      </Button>
      <SignUpForm onDone={() => undefined} />
    </div>
  );
}

function NoSuchCode({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { t } = useTranslation();
  const isFinal = hasCode(
    error,
    "qr_token_not_found",
    "qr_token_expired",
    "qr_token_used",
    "validation_failed",
  );
  return (
    <div className="mx-auto grid max-w-lg gap-4">
      <h1 className="sr-only">{t("joining.title")}</h1>
      <Failure
        title={t("joining.no_entry")}
        retryLabel={t("actions.retry")}
        {...(isFinal ? {} : { onRetry })}
      >
        {hasCode(error, "validation_failed") ? t("problems.qr_token_not_found") : problemText(error, t)}
      </Failure>
      <Button asChild look="secondary" className="justify-self-center">
        <Link to="/">{t("shell.home")}</Link>
      </Button>
    </div>
  );
}

function Waiting() {
  return (
    <div aria-busy className="mx-auto grid max-w-lg gap-6">
      <Skeleton className="h-28" />
      <Skeleton className="h-80" />
    </div>
  );
}
