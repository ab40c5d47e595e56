import { expect, test } from "vitest";
import { customPeriod, intervalOf, presetPeriod } from "./period";

const NOW = new Date("2026-06-20T22:30:00Z");

test("seven days are today and the six before, on the operator's clocks", () => {
  expect(presetPeriod("7", "UTC", NOW)).toEqual({ from: "2026-06-14T00:00:00.000Z" });
  expect(presetPeriod("7", "Europe/Vienna", NOW)).toEqual({ from: "2026-06-14T22:00:00.000Z" });
  expect(presetPeriod("all", "UTC", NOW)).toEqual({});
});

test("days of one's own include the last one", () => {
  expect(customPeriod("2026-06-01", "2026-06-30", "Europe/Vienna")).toEqual({
    from: "2026-05-31T22:00:00.000Z",
    to: "2026-06-30T22:00:00.000Z",
  });
  expect(customPeriod("", "", "UTC")).toEqual({});
});

test("long periods have coarse points", () => {
  expect(["7", "30", "90", "all", null].map((preset) => intervalOf(preset))).toEqual([
    "day",
    "day",
    "week",
    "month",
    "day",
  ]);
});
