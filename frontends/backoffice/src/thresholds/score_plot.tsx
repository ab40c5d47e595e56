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
      <Legend />
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

const MARKS: [mark: string, text: string][] = [
  ["size-3 rounded-sm bg-chart-1", "Undecided"],
  ["size-3 rounded-sm bg-chart-2", "Confirmed"],
  ["size-3 rounded-sm bg-chart-3", "Rejected"],
  ["h-3 border-l-2 border-success", "Shown from here"],
  ["h-3 border-l-2 border-dashed border-warning", "Reviewed from here"],
];

function Legend() {
  return (
    <ul aria-hidden className="flex flex-wrap gap-x-4 gap-y-1 text-xs text-muted-foreground">
      {MARKS.map(([mark, text]) => (
        <li key={text} className="flex items-center gap-1.5">
          <span className={mark} /> {text}
        </li>
      ))}
    </ul>
  );
}
