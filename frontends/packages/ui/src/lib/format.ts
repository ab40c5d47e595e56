/** Some browsers tell a language that their own formatters refuse, such as `en-US@posix`. */
export const BROWSER_LOCALE = globalThis.navigator?.languages.find(isLocale) ?? "en";

const decimalsOf = new Map<string, number>();

/** `amount` is in the currency's smallest unit: cents of EUR, yen of JPY. */
export function money(amount: number, currency: string, locale: string): string {
  const format = new Intl.NumberFormat(locale, { style: "currency", currency });
  return format.format(amount / 10 ** decimals(currency));
}

/** How many digits of the amount stand behind the point. */
export function decimals(currency: string): number {
  let known = decimalsOf.get(currency);
  if (known === undefined) {
    const options = new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions();
    known = options.maximumFractionDigits ?? 2;
    decimalsOf.set(currency, known);
  }
  return known;
}

/** What a person typed, such as "12.50" or "12,50", in the smallest unit; null when it is no such amount. */
export function minorUnits(text: string, currency: string): number | null {
  const match = /^\s*(\d+)(?:[.,](\d+))?\s*$/.exec(text);
  const places = decimals(currency);
  const fraction = match?.[2] ?? "";
  if (!match || fraction.length > places) return null;
  const amount = Number(`${match[1]}${fraction.padEnd(places, "0")}`);
  return Number.isSafeInteger(amount) ? amount : null;
}

/** An amount as `minorUnits` reads it back. */
export function majorUnits(amount: number, currency: string): string {
  const places = decimals(currency);
  return (amount / 10 ** places).toFixed(places);
}

export function dateTime(instant: string, locale: string, timeZone?: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short", timeZone }).format(
    new Date(instant),
  );
}

export function date(instant: string, locale: string, timeZone?: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone }).format(new Date(instant));
}

/** One day, or from one to the other. */
export function dateRange(
  start: string | null,
  end: string | null,
  locale: string,
  timeZone?: string,
): string | null {
  if (start === null) return end === null ? null : date(end, locale, timeZone);
  const format = new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone });
  return end === null ? format.format(new Date(start)) : format.formatRange(new Date(start), new Date(end));
}

export function bytes(count: number, locale: string): string {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];
  const power = Math.min(Math.floor(Math.log10(Math.max(count, 1)) / 3), units.length - 1);
  const options = {
    style: "unit",
    unit: units[power],
    unitDisplay: "short",
    maximumFractionDigits: 1,
  } as const;
  return new Intl.NumberFormat(locale, options).format(count / 1000 ** power);
}

/** "2 min 5 s"; the two largest units are enough. */
export function duration(seconds: number, locale: string): string {
  const whole = Math.max(0, Math.round(seconds));
  const parts: [number, string][] = [
    [Math.floor(whole / 3600), "hour"],
    [Math.floor((whole % 3600) / 60), "minute"],
    [whole % 60, "second"],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  const shown = first < 0 ? parts.slice(-1) : parts.slice(first, first + 2).filter(([count]) => count > 0);
  return shown
    .map(([count, unit]) =>
      new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "short" }).format(count),
    )
    .join(" ");
}

function isLocale(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length > 0;
  } catch {
    return false;
  }
}
