import { Notice } from "@acme/ui/states";
import { useNavigate } from "react-router";
import { useServices } from "../services";
import { HOMES } from "../shell/homes";
import { AuthLayout } from "./auth_layout";
import { NewPasswordForm } from "./new_password_form";
import { useOneTimeToken } from "./use_one_time_token";

export function Component() {
  const { session } = useServices();
  const token = useOneTimeToken();
  const navigate = useNavigate();
  const accept = async (password: string) => {
    const account = await session.open("/v1/auth/accept-invite", { token, password });
    await navigate(HOMES[account.role], { replace: true });
  };
  return (
    <AuthLayout
      title="Welcome"
      description="Choose a password, and you can upload your photos."
      below={<p>Is the link too old? Your operator can invite you again.</p>}
    >
      {token === "" ? (
        <Notice tone="danger" role="alert">
          This link is incomplete. Open it from the mail again.
        </Notice>
      ) : (
        <NewPasswordForm submitLabel="Choose and start" onSubmit={accept} />
      )}
    </AuthLayout>
  );
}
