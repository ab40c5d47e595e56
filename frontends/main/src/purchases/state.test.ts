import { expect, test } from "vitest";
import type { Purchase } from "./queries";
import { givesAccess, stateOf } from "./state";

const PAID: Purchase = {
  id: "1",
  project_id: "2",
  project_name: "Gala",
  package_id: "3",
  package_name: "Two photos",
  status: "paid",
  amount: 1500,
  currency: "EUR",
  photo_count: 2,
  unlocked_count: 0,
  remaining: 2,
  deliverable: "watermarked",
  archive_state: null,
  created_at: "2026-06-20T10:00:00Z",
  paid_at: "2026-06-20T10:00:05Z",
  refunded_at: null,
  refunded_amount: 0,
  disputed_at: null,
};

test.each([
  ["pending", { status: "pending", paid_at: null }, false],
  ["failed", { status: "failed", paid_at: null }, false],
  ["paid", {}, true],
  ["partly_refunded", { refunded_amount: 500 }, true],
  ["refunded", { refunded_amount: 1500, refunded_at: "2026-06-21T10:00:00Z" }, false],
  ["disputed", { disputed_at: "2026-06-21T10:00:00Z" }, false],
] as const)("%s", (state, change, access) => {
  const purchase = { ...PAID, ...change };
  expect(stateOf(purchase)).toBe(state);
  expect(givesAccess(purchase)).toBe(access);
});
