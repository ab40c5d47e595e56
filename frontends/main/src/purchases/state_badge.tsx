import { Badge } from "@acme/ui/badge";
import { useTranslation } from "react-i18next";
import type { Purchase } from "./queries";
import { type PurchaseState, stateOf } from "./state";

const TONES = {
  pending: "warning",
  paid: "success",
  failed: "danger",
  refunded: "neutral",
  partly_refunded: "neutral",
  disputed: "danger",
} as const satisfies Record<PurchaseState, string>;

export function StateBadge({ purchase }: { purchase: Purchase }) {
  const { t } = useTranslation();
  const state = stateOf(purchase);
  return <Badge tone={TONES[state]}>{t(`purchases.states.${state}`)}</Badge>;
}
