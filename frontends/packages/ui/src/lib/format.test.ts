import { describe, expect, test } from "vitest";
import { bytes, date, dateRange, decimals, duration, majorUnits, minorUnits, money } from "./format";

const plain = (text: string) => text.replace(/[\u00a0\u202f\u2009]/g, " ");

describe("money", () => {
  test.each([
    [1999, "EUR", "en", "€19.99"],
    [1999, "EUR", "de", "19,99 €"],
    [1500, "JPY", "ja-JP", "￥1,500"],
    [1500, "KWD", "en", "KWD 1.500"],
    [0, "USD", "en-US", "$0.00"],
  ])("%i of %s in %s", (amount, currency, locale, shown) => {
    expect(plain(money(amount, currency, locale))).toBe(shown);
  });

  test.each([
    ["12.5", "EUR", 1250],
    ["12,50", "EUR", 1250],
    [" 7 ", "EUR", 700],
    ["1500", "JPY", 1500],
    ["1.5", "JPY", null],
    ["12.505", "EUR", null],
    ["-1", "EUR", null],
    ["1e3", "EUR", null],
    ["", "EUR", null],
    ["99999999999999999", "EUR", null],
  ])("%s in %s is read as %s", (text, currency, amount) => {
    expect(minorUnits(text, currency)).toBe(amount);
  });

  test.each(["EUR", "JPY", "KWD"])("%s is read as it was written", (currency) => {
    for (const amount of [0, 1, 99, 100, 123_456]) {
      expect(minorUnits(majorUnits(amount, currency), currency)).toBe(amount);
    }
    expect(decimals(currency)).toBe({ EUR: 2, JPY: 0, KWD: 3 }[currency]);
  });
});

test("dates are those of the place, not of the reader", () => {
  expect(date("2026-06-20T22:30:00Z", "de", "Europe/Vienna")).toBe("21.06.2026");
  expect(date("2026-06-20T22:30:00Z", "en-US", "America/New_York")).toBe("Jun 20, 2026");
});

test("a range says what both ends have in common once", () => {
  expect(plain(dateRange("2026-06-20T10:00:00Z", "2026-06-22T10:00:00Z", "en-US", "UTC") ?? "")).toBe(
    "June 20 – 22, 2026",
  );
  expect(dateRange("2026-06-20T10:00:00Z", null, "de", "UTC")).toBe("20. Juni 2026");
  expect(dateRange(null, null, "de")).toBeNull();
});

test("sizes and durations", () => {
  expect(plain(bytes(0, "en"))).toBe("0 byte");
  expect(plain(bytes(1_500_000, "en"))).toBe("1.5 MB");
  expect(plain(duration(125, "en"))).toBe("2 min 5 sec");
  expect(plain(duration(3600, "en"))).toBe("1 hr");
  expect(plain(duration(0.2, "en"))).toBe("0 sec");
});
