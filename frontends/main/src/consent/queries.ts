import { answer, type Schemas } from "@acme/api/main";
import { queryOptions } from "@tanstack/react-query";
import type { Language } from "../i18n";
import type { Services } from "../services";

export type Consent = Schemas["ConsentOut"];
export type Receipt = Schemas["ReceiptOut"];

export const CONSENT_TYPE = "biometric_processing";
const FOLLOW_MS = 2_000;

export function consentsQuery({ main }: Services) {
  return queryOptions({
    queryKey: ["consents"],
    queryFn: () => answer(main.GET("/v1/consents")),
  });
}

export function documentQuery({ main }: Services, language: Language) {
  return queryOptions({
    queryKey: ["consent-document", language],
    queryFn: () =>
      answer(
        main.GET("/v1/consents/documents/{consent_type}", {
          params: { path: { consent_type: CONSENT_TYPE }, query: { language } },
        }),
      ),
  });
}

export function receiptsQuery({ main }: Services) {
  return queryOptions({
    queryKey: ["receipts"],
    queryFn: () => answer(main.GET("/v1/consents/receipts")),
    // An erasure takes seconds: who looks at it sees it end.
    refetchInterval: ({ state }) =>
      state.data?.items.some((receipt) => receipt.completed_at === null) ? FOLLOW_MS : false,
  });
}

export function activeConsent(consents: readonly Consent[]): Consent | undefined {
  return consents.find((consent) => consent.state === "active");
}

/** Given to a text that has changed since: the guest is asked again, and may withdraw. */
export function outdatedConsent(consents: readonly Consent[]): Consent | undefined {
  return consents.find((consent) => consent.state === "outdated");
}
