import { expect, test } from "vitest";
import { funnelSteps } from "./funnel";

test("shares are of those who joined", () => {
  const steps = funnelSteps({ joined: 200, consented: 150, selfie: 140, matched: 100, bought: 25 });
  expect(steps.map(({ share }) => share)).toEqual([1, 0.75, 0.7, 0.5, 0.125]);
});

test("nobody joined: no share is no number", () => {
  const steps = funnelSteps({ joined: 0, consented: 0, selfie: 0, matched: 0, bought: 0 });
  expect(steps.map(({ share }) => share)).toEqual([0, 0, 0, 0, 0]);
});
