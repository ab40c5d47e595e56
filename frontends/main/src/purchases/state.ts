import type { Purchase } from "./queries";

export type PurchaseState = "pending" | "paid" | "failed" | "refunded" | "partly_refunded" | "disputed";

/** What a buyer calls it: money that went back counts for more than that it was paid. */
export function stateOf(purchase: Purchase): PurchaseState {
  if (purchase.refunded_at !== null) return "refunded";
  if (purchase.disputed_at !== null) return "disputed";
  if (purchase.status === "paid" && purchase.refunded_amount > 0) return "partly_refunded";
  return purchase.status;
}

/** Whether what was bought may be used. */
export function givesAccess(purchase: Purchase): boolean {
  const state = stateOf(purchase);
  return state === "paid" || state === "partly_refunded";
}
