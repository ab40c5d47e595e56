import type { TFunction } from "i18next";
import { z } from "zod";

type T = TFunction;

export const SHORTEST_PASSWORD = 8;
const LONGEST_PASSWORD_BYTES = 72;

/** The server has the last word; these spare a round trip. */
export function emailRule(t: T) {
  return z
    .string()
    .trim()
    .pipe(z.email({ error: t("accounts.email_wrong") }));
}

export function passwordRule(t: T) {
  return z
    .string()
    .min(SHORTEST_PASSWORD, { error: t("accounts.password_short", { count: SHORTEST_PASSWORD }) })
    .refine((text) => new TextEncoder().encode(text).length <= LONGEST_PASSWORD_BYTES, {
      error: t("accounts.password_long"),
    });
}

export function requiredRule(t: T) {
  return z
    .string()
    .trim()
    .min(1, { error: t("accounts.required") });
}
