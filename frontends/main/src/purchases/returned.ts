/** What Stripe's page tells when it sends the buyer back: https://docs.stripe.com/payments/payment-element. */
export type Returned = "awaited" | "failed" | null;

const STATUS = "redirect_status";

/** Only a hint: whether it is paid is the server's to say. */
export function returned(search: URLSearchParams): Returned {
  const status = search.get(STATUS);
  if (status === null) return null;
  return status === "failed" || status === "canceled" ? "failed" : "awaited";
}

/** Without what an earlier return has left there. */
export function returnAddress({ origin, pathname }: Pick<Location, "origin" | "pathname">): string {
  return origin + pathname;
}
