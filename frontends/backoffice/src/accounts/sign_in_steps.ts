import { hasCode } from "@acme/api/problem";

export type SignInRole = "operator" | "photographer" | "superadmin";

export interface Credentials {
  email: string;
  password: string;
  role?: SignInRole;
  totp_code?: string;
}

export type Step = "credentials" | "role" | "code";

/** What has to be asked next. Throws what is no question. */
export function stepAfter(error: unknown): Step {
  if (hasCode(error, "totp_required")) return "code";
  if (hasCode(error, "role_required")) return "role";
  throw error;
}
