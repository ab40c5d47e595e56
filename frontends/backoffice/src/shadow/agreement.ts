import type { Comparison, Difference, Verdict } from "./queries";

type Counts = Comparison["counts"];
type Opinion = Difference["primary"];

export interface Kind {
  verdict: Verdict;
  label: string;
  /** A class of a ground. */
  color: string;
}

export const KINDS: readonly Kind[] = [
  { verdict: "agreed", label: "Agreed", color: "bg-chart-2" },
  { verdict: "other_band", label: "One is less sure", color: "bg-chart-3" },
  { verdict: "only_primary", label: "Only the first found", color: "bg-chart-1" },
  { verdict: "only_shadow", label: "Only the second found", color: "bg-danger" },
];

export function total(counts: Counts): number {
  return KINDS.reduce((sum, { verdict }) => sum + counts[verdict], 0);
}

/** Rounded down, as 99.96 % with four differences are not "100 %". Null when nothing was compared. */
export function agreedPercent(counts: Counts): number | null {
  const all = total(counts);
  return all === 0 ? null : Math.floor((counts.agreed / all) * 1000) / 10;
}

export function engineName(engine: string): string {
  return engine.startsWith("rekognition") ? "AWS Rekognition" : "Local engine";
}

/** What the engine alone would do. */
export function effect({ band }: Opinion): string {
  if (band === "confirmed") return "shows it";
  return band === "pending" ? "asks for review" : "does not show it";
}

export function scoreText({ score }: Opinion): string {
  return score === null ? "nobody found" : `${score.toFixed(1)} %`;
}
