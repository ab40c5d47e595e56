import { Card, CardHeader } from "@acme/ui/card";
import { money } from "@acme/ui/lib/format";
import { Skeleton } from "@acme/ui/states";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { useAccount, useServices } from "@/services";
import { Loaded } from "@/shell/loaded";
import { type Interval, type Metric, type Scope, seriesQuery } from "./queries";

const SeriesChart = lazy(() => import("./series_chart"));

export interface SeriesCardProps {
  title: string;
  metric: Metric;
  color: string;
  scope: Scope;
  interval: Interval;
}

export function SeriesCard({ title, metric, color, scope, interval }: SeriesCardProps) {
  const locale = useAccount().locale ?? "en";
  const series = useQuery(seriesQuery(useServices(), scope, metric, interval));
  return (
    <Card>
      <CardHeader title={title} />
      <Loaded query={series} what={title}>
        {({ items, currency, timezone }) => {
          const format = (value: number) =>
            currency ? money(value, currency, locale) : new Intl.NumberFormat(locale).format(value);
          const day = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", timeZone: timezone });
          const points = items.map(({ start, value }) => ({
            label: day.format(new Date(start)),
            value,
            shown: format(value),
          }));
          if (points.every(({ value }) => value === 0)) return <NothingYet />;
          return (
            <div className="grid gap-2">
              <Suspense fallback={<Skeleton className="h-56" />}>
                <SeriesChart points={points} color={color} format={format} />
              </Suspense>
              <Figures title={title} points={points} />
            </div>
          );
        }}
      </Loaded>
    </Card>
  );
}

/** Instead of an axis of invented values. */
function NothingYet() {
  return (
    <p className="grid h-56 place-items-center rounded-md bg-muted text-sm text-muted-foreground">
      Nothing in this period
    </p>
  );
}

function Figures({ title, points }: { title: string; points: { label: string; shown: string }[] }) {
  return (
    <details className="text-sm">
      <summary className="min-h-10 cursor-pointer content-center text-muted-foreground">As a table</summary>
      <table className="w-full">
        <caption className="sr-only">{title}</caption>
        <tbody>
          {points.map(({ label, shown }) => (
            <tr key={label} className="border-b last:border-0">
              <th scope="row" className="py-1.5 text-left font-normal">
                {label}
              </th>
              <td className="py-1.5 text-right tabular-nums">{shown}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
