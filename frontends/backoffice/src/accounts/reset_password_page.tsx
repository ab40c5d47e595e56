import { answer } from "@acme/api/backoffice";
import { Button } from "@acme/ui/button";
import { Notice } from "@acme/ui/states";
import { useState } from "react";
import { Link } from "react-router";
import { useServices } from "../services";
import { AuthLayout } from "./auth_layout";
import { NewPasswordForm } from "./new_password_form";
import { useOneTimeToken } from "./use_one_time_token";

export function Component() {
  const { backoffice } = useServices();
  const token = useOneTimeToken();
  const [isDone, setDone] = useState(false);
  const reset = async (password: string) => {
    await answer(backoffice.POST("/v1/auth/password/reset", { body: { token, password } }));
    setDone(true);
  };
  return (
    <AuthLayout
      title={isDone ? "Your password is changed" : "Choose a new password"}
      below={
        !isDone && (
          <Link className="text-accent-foreground underline underline-offset-4" to="/forgot-password">
            Ask for a new link
          </Link>
        )
      }
    >
      {isDone && <Done />}
      {!isDone && token === "" && <Incomplete />}
      {!isDone && token !== "" && <NewPasswordForm submitLabel="Change password" onSubmit={reset} />}
    </AuthLayout>
  );
}

function Done() {
  return (
    <>
      <Notice tone="accent" role="status">
        You have been signed out everywhere. Sign in with your new password.
      </Notice>
      <Button asChild size="lg">
        <Link to="/sign-in">Sign in</Link>
      </Button>
    </>
  );
}

function Incomplete() {
  return (
    <Notice tone="danger" role="alert">
      This link is incomplete. Open it from the mail again, or ask for a new one.
    </Notice>
  );
}
