import {
  Bar,
  BarChart,
  CartesianGrid,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";
import type { ScorePlotProps } from "./score_plot";

const CONTENT = { background: "var(--raised)", border: "1px solid var(--border)", borderRadius: 8 };

export default function ScoreBars({ histogram, bounds }: ScorePlotProps) {
  const bars = histogram.map((bucket) => ({ ...bucket, middle: (bucket.start + bucket.end) / 2 }));
  return (
    <div aria-hidden className="h-64">
      <ResponsiveContainer width="100%" height="100%">
        <BarChart data={bars} margin={{ top: 20, right: 8, bottom: 0, left: 0 }} accessibilityLayer={false}>
          <CartesianGrid vertical={false} stroke="var(--border)" />
          <XAxis
            dataKey="middle"
            type="number"
            domain={[55, 100]}
            ticks={[55, 60, 65, 70, 75, 80, 85, 90, 95, 100]}
            stroke="var(--muted-foreground)"
            fontSize={12}
            unit="%"
          />
          <YAxis stroke="var(--muted-foreground)" fontSize={12} width={40} allowDecimals={false} />
          <Tooltip contentStyle={CONTENT} labelFormatter={(middle) => `about ${middle} %`} />
          <Bar
            dataKey="undecided"
            name="Undecided"
            stackId="all"
            fill="var(--chart-1)"
            isAnimationActive={false}
          />
          <Bar
            dataKey="confirmed"
            name="Confirmed"
            stackId="all"
            fill="var(--chart-2)"
            isAnimationActive={false}
          />
          <Bar
            dataKey="rejected"
            name="Rejected"
            stackId="all"
            fill="var(--chart-3)"
            isAnimationActive={false}
          />
          <ReferenceLine x={bounds.review} stroke="var(--warning)" strokeWidth={2} strokeDasharray="4 3" />
          <ReferenceLine x={bounds.confirm} stroke="var(--success)" strokeWidth={2} />
        </BarChart>
      </ResponsiveContainer>
    </div>
  );
}
