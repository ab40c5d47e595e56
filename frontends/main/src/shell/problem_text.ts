import { Problem, Unreachable } from "@acme/api/problem";
import type { TFunction } from "i18next";

/** What went wrong, in the reader's words. Codes that have no translation are told in general terms. */
export function problemText(error: unknown, t: TFunction): string {
  if (error instanceof Unreachable) return t("problems.unreachable");
  if (!(error instanceof Problem)) return t("problems.unknown");
  const key = `problems.${error.code}`;
  return t(key as "problems.unknown", { defaultValue: t("problems.unknown") });
}
