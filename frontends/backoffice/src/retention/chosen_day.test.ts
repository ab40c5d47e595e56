import { expect, test } from "vitest";
import { chosenDay } from "./chosen_day";

const NOW = new Date("2026-11-26T23:30:00Z");

test("the address's day, or a year ahead", () => {
  expect(chosenDay("2027-02-28", NOW)).toBe("2027-02-28");
  expect(chosenDay(null, NOW)).toBe("2027-11-26");
});

test.each(["", "soon", "2027-02-30", "2027-13-01", "27-1-1"])("%j is no day", (given) => {
  expect(chosenDay(given, NOW)).toBe("2027-11-26");
});
