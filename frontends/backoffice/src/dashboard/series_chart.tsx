import { Area, AreaChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";

export interface Point {
  label: string;
  value: number;
  shown: string;
}

export interface SeriesChartProps {
  points: Point[];
  color: string;
  /** For the axis. */
  format: (value: number) => string;
}

/** Drawn for the eye only: the same figures stand in a table beside it. */
export default function SeriesChart({ points, color, format }: SeriesChartProps) {
  return (
    <div aria-hidden className="h-56">
      <ResponsiveContainer width="100%" height="100%">
        <AreaChart data={points} margin={{ top: 8, right: 8, bottom: 0, left: 0 }} accessibilityLayer={false}>
          <CartesianGrid vertical={false} stroke="var(--border)" />
          <XAxis
            dataKey="label"
            stroke="var(--muted-foreground)"
            fontSize={12}
            tickLine={false}
            minTickGap={24}
          />
          <YAxis
            stroke="var(--muted-foreground)"
            fontSize={12}
            tickLine={false}
            axisLine={false}
            width={64}
            allowDecimals={false}
            tickFormatter={format}
          />
          <Tooltip
            formatter={(_, __, { payload }) => [(payload as Point).shown, ""]}
            separator=""
            contentStyle={{ background: "var(--raised)", border: "1px solid var(--border)", borderRadius: 8 }}
          />
          <Area
            dataKey="value"
            stroke={color}
            fill={color}
            fillOpacity={0.18}
            strokeWidth={2}
            isAnimationActive={false}
          />
        </AreaChart>
      </ResponsiveContainer>
    </div>
  );
}
