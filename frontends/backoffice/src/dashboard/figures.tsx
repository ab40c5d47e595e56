import { money } from "@acme/ui/lib/format";
import { useAccount } from "@/services";
import type { Summary } from "./queries";

/** The figures that matter, large. */
export function Figures({ summary }: { summary: Summary }) {
  const locale = useAccount().locale ?? "en";
  const count = new Intl.NumberFormat(locale);
  const others = summary.money.filter(({ currency }) => currency !== summary.currency);
  const figures: [label: string, value: string, note: string][] = [
    [
      "Revenue",
      money(summary.revenue, summary.currency, locale),
      others.map(({ net, currency }) => money(net, currency, locale)).join(", "),
    ],
    [
      "Sales",
      count.format(summary.purchases.paid),
      `${summary.purchases.pending} open, ${summary.purchases.refunded} refunded`,
    ],
    ["Guests", count.format(summary.members), `${summary.selfies.approved} with a selfie`],
    [
      "Photos",
      count.format(summary.photos.ready),
      `${summary.photos.processing} being prepared, ${summary.photos.failed} failed`,
    ],
    ["Matches", count.format(summary.tags.confirmed), `${summary.tags.pending} to review`],
  ];
  return (
    <dl className="grid grid-cols-2 gap-3 lg:grid-cols-5">
      {figures.map(([label, value, note]) => (
        <div
          key={label}
          className="grid content-start gap-1 rounded-lg border bg-surface p-4 max-lg:first:col-span-2"
        >
          <dt className="text-sm text-muted-foreground">{label}</dt>
          <dd className="text-2xl font-semibold tracking-tight tabular-nums">{value}</dd>
          {note && <dd className="text-xs text-muted-foreground">{note}</dd>}
        </div>
      ))}
    </dl>
  );
}
