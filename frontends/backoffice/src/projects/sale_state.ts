import type { Purchase } from "./queries";

export interface SaleState {
  label: string;
  tone: "success" | "warning" | "danger" | "neutral";
}

/** What counts most about a sale: a dispute, then money that went back, then the payment. */
export function saleState(sale: Purchase): SaleState {
  if (sale.disputed_at) return { label: "Disputed", tone: "danger" };
  if (sale.refunded_at) return { label: "Refunded", tone: "neutral" };
  if (sale.refunded_amount > 0) return { label: "Partly refunded", tone: "neutral" };
  if (sale.status === "paid") return { label: "Paid", tone: "success" };
  return sale.status === "failed" ? { label: "Failed", tone: "danger" } : { label: "Open", tone: "warning" };
}

/** In the currency's smallest unit. */
export function leftToRefund(sale: Purchase): number {
  return sale.status === "paid" ? sale.amount - sale.refunded_amount : 0;
}
