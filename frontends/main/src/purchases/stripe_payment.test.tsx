// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { startI18n } from "@/i18n";
import StripePayment from "./stripe_payment";

/** Stripe's script is loaded from Stripe, and only from there: this stands for it. */
const { confirmPayment, loadStripe } = vi.hoisted(() => ({ confirmPayment: vi.fn(), loadStripe: vi.fn() }));
const ELEMENTS = { of: "the test" };

vi.mock("@stripe/stripe-js/pure", () => ({ loadStripe }));
vi.mock("@stripe/react-stripe-js", async () => {
  const { useEffect } = await import("react");
  return {
    Elements: ({ children }: { children: React.ReactNode }) => children,
    PaymentElement: ({ onReady }: { onReady: () => void }) => {
      useEffect(onReady, [onReady]);
      return null;
    },
    useStripe: () => ({ confirmPayment }),
    useElements: () => ELEMENTS,
  };
});

beforeAll(startI18n);
beforeEach(() => {
  confirmPayment.mockReset();
  loadStripe.mockReset().mockResolvedValue({});
  history.replaceState(null, "", "/purchases/7?redirect_status=failed&payment_intent_client_secret=old");
});
afterEach(cleanup);

function pay(): { onPaid: ReturnType<typeof vi.fn> } {
  const onPaid = vi.fn();
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <QueryClientProvider client={client}>
      <StripePayment clientSecret="pi_1_secret_2" publishableKey="pk_test_1" onPaid={onPaid} />
    </QueryClientProvider>,
  );
  return { onPaid };
}

async function press(): Promise<void> {
  const button = await screen.findByRole("button", { name: "Pay now" });
  await waitFor(() => expect((button as HTMLButtonElement).disabled).toBe(false));
  fireEvent.click(button);
}

test("the payment is confirmed with the form's elements, and comes back to this purchase", async () => {
  confirmPayment.mockResolvedValue({ paymentIntent: { status: "succeeded" } });
  const { onPaid } = pay();
  await press();
  await waitFor(() => expect(onPaid).toHaveBeenCalledOnce());
  expect(confirmPayment).toHaveBeenCalledExactlyOnceWith({
    elements: ELEMENTS,
    confirmParams: { return_url: `${location.origin}/purchases/7` },
    redirect: "if_required",
  });
  expect(loadStripe).toHaveBeenCalledExactlyOnceWith("pk_test_1");
});

test("what Stripe says about the card is told in its words, and can be tried again", async () => {
  confirmPayment.mockResolvedValue({ error: { type: "card_error", message: "Your card has expired." } });
  const { onPaid } = pay();
  await press();
  expect((await screen.findByRole("alert")).textContent).toBe("Your card has expired.");
  await press();
  await waitFor(() => expect(confirmPayment).toHaveBeenCalledTimes(2));
  expect(onPaid).not.toHaveBeenCalled();
});

test("what is not meant for buyers is told in ours", async () => {
  confirmPayment.mockResolvedValue({ error: { type: "api_error", message: "req_123 went wrong" } });
  pay();
  await press();
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toBe("The payment did not work. Try again, or use another card.");
});

test("without Stripe's script there are words and a way on", async () => {
  loadStripe.mockRejectedValueOnce(new Error("Failed to load Stripe.js"));
  pay();
  fireEvent.click(await screen.findByRole("button", { name: "Try again" }));
  await screen.findByRole("button", { name: "Pay now" });
});
