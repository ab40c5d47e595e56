import { expect, test } from "vitest";
import { currencyChoices, localeChoices, regionOf, timeZoneChoices } from "./regions";

test.each([
  ["de-AT", "Europe/Vienna", "EUR"],
  ["en-GB", "Europe/London", "GBP"],
  ["ja", "Asia/Tokyo", "JPY"],
  ["en", "America/New_York", "USD"],
])("%s pays in its country's money", (language, timezone, currency) => {
  expect(regionOf(language, timezone)).toEqual({ currency, locale: language, timezone });
});

test("what the server would refuse is not proposed", () => {
  expect(regionOf("ca-ES-valencia", undefined)).toEqual({
    currency: "USD",
    locale: "en",
    timezone: "UTC",
  });
});

test("the present value can always be chosen", () => {
  expect(currencyChoices("EUR").map((choice) => choice.value)).toContain("EUR");
  expect(localeChoices("gsw-CH").map((choice) => choice.value)).toContain("gsw-CH");
  expect(timeZoneChoices("UTC").filter((choice) => choice.value === "UTC")).toHaveLength(1);
});
