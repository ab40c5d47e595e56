import { instantOf } from "@/shell/zoned";

export const PRESETS = ["7", "30", "90", "all"] as const;
export type Preset = (typeof PRESETS)[number];

export interface Period {
  /** Instants; undefined is open. */
  from?: string;
  to?: string;
}

const DAY_MS = 24 * 3600_000;

/** Whole days on the operator's clocks, today included. */
export function presetPeriod(preset: Preset, timeZone: string, now = new Date()): Period {
  if (preset === "all") return {};
  const first = new Date(now.getTime() - (Number(preset) - 1) * DAY_MS);
  const from = instantOf(`${dayOf(first, timeZone)}T00:00`, timeZone);
  return from ? { from } : {};
}

/** From the first day to the end of the last; either may be missing. */
export function customPeriod(firstDay: string, lastDay: string, timeZone: string): Period {
  const from = instantOf(firstDay && `${firstDay}T00:00`, timeZone);
  const next = lastDay && dayOf(new Date(Date.parse(`${lastDay}T12:00Z`) + DAY_MS), "UTC");
  const to = instantOf(next && `${next}T00:00`, timeZone);
  return { ...(from && { from }), ...(to && { to }) };
}

/** Days for weeks, weeks for months: a chart of some thirty points can be read. */
export function intervalOf(preset: string | null): "day" | "week" | "month" {
  if (preset === "90") return "week";
  return preset === "all" ? "month" : "day";
}

function dayOf(instant: Date, timeZone: string): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone }).format(instant);
}
