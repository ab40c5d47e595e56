import { expect, test } from "vitest";
import { instantOf, localOf } from "./zoned";

test.each([
  ["2026-06-20T16:00:00.000Z", "Europe/Vienna", "2026-06-20T18:00"],
  ["2026-01-20T16:00:00.000Z", "Europe/Vienna", "2026-01-20T17:00"],
  ["2026-06-20T16:00:00.000Z", "America/New_York", "2026-06-20T12:00"],
  ["2026-06-20T16:00:00.000Z", "Asia/Kathmandu", "2026-06-20T21:45"],
  ["2026-12-31T23:30:00.000Z", "Asia/Tokyo", "2027-01-01T08:30"],
])("%s in %s is %s, and back", (instant, zone, local) => {
  expect(localOf(instant, zone)).toBe(local);
  expect(instantOf(local, zone)).toBe(instant);
});

test("an hour that is shown twice is the first, one that is leapt over comes later", () => {
  expect(instantOf("2026-10-25T02:30", "Europe/Vienna")).toBe("2026-10-25T00:30:00.000Z");
  expect(instantOf("2026-03-29T02:30", "Europe/Vienna")).toBe("2026-03-29T01:30:00.000Z");
});

test("nothing is nothing", () => {
  expect(localOf(null, "UTC")).toBe("");
  expect(instantOf("", "UTC")).toBeNull();
  expect(instantOf("soon", "UTC")).toBeNull();
});
