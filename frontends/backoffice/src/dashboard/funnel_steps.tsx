import { useAccount } from "@/services";
import { funnelSteps } from "./funnel";
import type { Summary } from "./queries";

export function FunnelSteps({ funnel }: { funnel: Summary["funnel"] }) {
  const locale = useAccount().locale ?? "en";
  const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 0 });
  return (
    <ol className="grid gap-3">
      {funnelSteps(funnel).map(({ label, count, share }) => (
        <li key={label} className="grid gap-1">
          <span className="flex justify-between text-sm">
            <span>{label}</span>
            <span className="tabular-nums">
              {count} <span className="text-muted-foreground">({percent.format(share)})</span>
            </span>
          </span>
          <span aria-hidden className="h-2.5 overflow-hidden rounded-full bg-muted">
            <span className="block h-full rounded-full bg-chart-1" style={{ width: `${share * 100}%` }} />
          </span>
        </li>
      ))}
    </ol>
  );
}
