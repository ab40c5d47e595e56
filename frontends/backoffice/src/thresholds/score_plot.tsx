import { Skeleton } from "@acme/ui/states";
import { lazy, Suspense } from "react";
import type { Simulation } from "./queries";

const ScoreBars = lazy(() => import("./score_bars"));

export interface ScorePlotProps {
  histogram: Simulation["histogram"];
  bounds: { confirm: number; review: number };
}

/** The bars, and the same as a table. */
export function ScorePlot({ histogram, bounds }: ScorePlotProps) {
  const filled = histogram.filter(
    ({ undecided, confirmed, rejected }) => undecided + confirmed + rejected > 0,
  );
  return (
    <div className="grid gap-2">
      <Suspense fallback={<Skeleton className="h-64" />}>
        <ScoreBars histogram={histogram} bounds={bounds} />
      </Suspense>
      <details className="text-sm">
        <summary className="min-h-10 cursor-pointer content-center text-muted-foreground">As a table</summary>
        <table className="w-full">
          <thead>
            <tr className="text-left text-muted-foreground">
              <th scope="col">Alike</th>
              <th scope="col">Undecided</th>
              <th scope="col">Confirmed</th>
              <th scope="col">Rejected</th>
            </tr>
          </thead>
          <tbody>
            {filled.map(({ start, end, undecided, confirmed, rejected }) => (
              <tr key={start} className="border-t tabular-nums">
                <th scope="row" className="py-1.5 text-left font-normal">
                  {start} to {end} %
                </th>
                <td>{undecided}</td>
                <td>{confirmed}</td>
                <td>{rejected}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </div>
  );
}
