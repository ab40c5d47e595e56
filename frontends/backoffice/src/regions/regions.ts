const EURO = "AT BE BG CY DE EE ES FI FR GR HR IE IT LT LU LV MT NL PT SI SK".split(" ");
const CURRENCIES: Record<string, string> = {
  ...Object.fromEntries(EURO.map((region) => [region, "EUR"])),
  AE: "AED",
  AU: "AUD",
  BR: "BRL",
  CA: "CAD",
  CH: "CHF",
  CN: "CNY",
  CZ: "CZK",
  DK: "DKK",
  GB: "GBP",
  HK: "HKD",
  HU: "HUF",
  ID: "IDR",
  IL: "ILS",
  IN: "INR",
  JP: "JPY",
  KR: "KRW",
  LI: "CHF",
  MX: "MXN",
  MY: "MYR",
  NO: "NOK",
  NZ: "NZD",
  PH: "PHP",
  PL: "PLN",
  RO: "RON",
  SE: "SEK",
  SG: "SGD",
  TH: "THB",
  TR: "TRY",
  TW: "TWD",
  US: "USD",
  VN: "VND",
  ZA: "ZAR",
};
const LOCALES =
  "cs da de de-AT de-CH el en en-AU en-CA en-GB en-IE en-IN en-NZ en-US es es-MX et fi fr fr-BE fr-CA fr-CH hr hu it ja ko lt lv nb nl nl-BE pl pt pt-BR ro sk sl sv tr zh-CN zh-TW".split(
    " ",
  );
const LOCALE_SHAPE = /^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?$/;
const NAMELESS = { currency: "EUR", locale: "en", timezone: "UTC" };

export interface Region {
  currency: string;
  locale: string;
  timezone: string;
}

export interface Choice {
  value: string;
  label: string;
}

/** What the browser tells about where its owner is. */
export function regionOf(language: string, timezone: string | undefined): Region {
  const locale = LOCALE_SHAPE.test(language) ? language : NAMELESS.locale;
  const country = new Intl.Locale(locale).maximize().region ?? "";
  return {
    currency: CURRENCIES[country] ?? NAMELESS.currency,
    locale,
    timezone: timezone ?? NAMELESS.timezone,
  };
}

export function ownRegion(): Region {
  return regionOf(navigator.language, Intl.DateTimeFormat().resolvedOptions().timeZone);
}

export function currencyChoices(present: string): Choice[] {
  const names = new Intl.DisplayNames("en", { type: "currency" });
  return withPresent(Intl.supportedValuesOf("currency"), present).map((value) => ({
    value,
    label: `${value}, ${names.of(value) ?? value}`,
  }));
}

export function localeChoices(present: string): Choice[] {
  const names = new Intl.DisplayNames("en", { type: "language" });
  return withPresent(LOCALES, present)
    .map((value) => ({ value, label: names.of(value) ?? value }))
    .sort((one, other) => one.label.localeCompare(other.label));
}

export function timeZoneChoices(present: string): Choice[] {
  const zones = withPresent(["UTC", ...Intl.supportedValuesOf("timeZone")], present);
  return zones.map((value) => ({ value, label: value.replaceAll("_", " ") }));
}

function withPresent(values: readonly string[], present: string): string[] {
  return present === "" || values.includes(present) ? [...values] : [present, ...values];
}
