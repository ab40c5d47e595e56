import type { Summary } from "./queries";

export interface FunnelStep {
  label: string;
  count: number;
  /** Of those who joined, 0..1. */
  share: number;
}

const LABELS: [keyof Summary["funnel"], string][] = [
  ["joined", "Joined"],
  ["consented", "Consented"],
  ["selfie", "Selfie approved"],
  ["matched", "Found in photos"],
  ["bought", "Bought"],
];

export function funnelSteps(funnel: Summary["funnel"]): FunnelStep[] {
  return LABELS.map(([name, label]) => ({
    label,
    count: funnel[name],
    share: funnel.joined > 0 ? funnel[name] / funnel.joined : 0,
  }));
}
