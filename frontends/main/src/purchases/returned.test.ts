import { expect, test } from "vitest";
import { returnAddress, returned } from "./returned";

const back = (query: string) => returned(new URLSearchParams(query));

test("who was sent back is told to wait, or to try again", () => {
  expect(back("payment_intent=pi_1&payment_intent_client_secret=x&redirect_status=succeeded")).toBe(
    "awaited",
  );
  expect(back("redirect_status=pending")).toBe("awaited");
  expect(back("redirect_status=processing")).toBe("awaited");
  expect(back("redirect_status=failed")).toBe("failed");
});

test("who was not sent anywhere sees the form", () => {
  expect(back("")).toBeNull();
});

test("a second try does not come back with the first one's secret", () => {
  const address = new URL("https://photos.example.com/purchases/1?payment_intent_client_secret=x#here");
  expect(returnAddress(address)).toBe("https://photos.example.com/purchases/1");
});
