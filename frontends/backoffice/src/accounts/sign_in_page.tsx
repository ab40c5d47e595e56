import { useState } from "react";
import { Link, Navigate, useSearchParams } from "react-router";
import { useServices, useSessionState } from "../services";
import { HOMES } from "../shell/homes";
import { safeNext } from "../shell/next";
import { AuthLayout } from "./auth_layout";
import { CodeForm } from "./code_form";
import { CredentialsForm } from "./credentials_form";
import { RoleChoice } from "./role_choice";
import { type Credentials, type Step, stepAfter } from "./sign_in_steps";

const TEXTS: Record<Step, { title: string; description: string }> = {
  credentials: { title: "Sign in", description: "For operators and photographers." },
  role: {
    title: "How do you want to sign in?",
    description: "Your e-mail address belongs to more than one account.",
  },
  code: {
    title: "Enter your code",
    description: "Your authenticator app shows it. One of your recovery codes works too.",
  },
};

export function Component() {
  const { session } = useServices();
  const state = useSessionState();
  const [query] = useSearchParams();
  const [step, setStep] = useState<Step>("credentials");
  const [credentials, setCredentials] = useState<Credentials>({ email: "", password: "" });

  if (state.status === "signed-in") {
    return <Navigate to={safeNext(query.get("next")) ?? HOMES[state.account.role]} replace />;
  }

  /** Throws what none of the steps answers. */
  const signIn = async (given: Credentials) => {
    setCredentials(given);
    try {
      await session.open("/v1/auth/login", given);
    } catch (error) {
      setStep(stepAfter(error));
    }
  };
  const back = () => setStep("credentials");

  return (
    <AuthLayout {...TEXTS[step]} below={step === "credentials" && <Ways search={query.toString()} />}>
      {step === "credentials" && <CredentialsForm email={credentials.email} onSubmit={signIn} />}
      {step === "role" && <RoleChoice onChoose={(role) => signIn({ ...credentials, role })} onBack={back} />}
      {step === "code" && (
        <CodeForm onSubmit={(totp_code) => signIn({ ...credentials, totp_code })} onBack={back} />
      )}
    </AuthLayout>
  );
}

function Ways({ search }: { search: string }) {
  const link = "text-accent-foreground underline underline-offset-4 hover:no-underline";
  return (
    <>
      <p>
        <Link className={link} to="/forgot-password">
          Forgot your password?
        </Link>
      </p>
      <p>
        New here?{" "}
        <Link className={link} to={`/sign-up${search && `?${search}`}`}>
          Create an operator account
        </Link>
      </p>
    </>
  );
}
