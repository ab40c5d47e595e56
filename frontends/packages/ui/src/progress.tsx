import { Progress as Radix } from "radix-ui";
import { cn } from "./lib/cn";

export interface ProgressProps {
  /** 0..1; null while it is not known. */
  value: number | null;
  label: string;
  className?: string;
}

export function Progress({ value, label, className }: ProgressProps) {
  return (
    <Radix.Root
      value={value === null ? null : Math.round(value * 100)}
      aria-label={label}
      className={cn("h-2 w-full overflow-hidden rounded-full bg-muted", className)}
    >
      <Radix.Indicator
        className={cn(
          "h-full bg-primary transition-[width] duration-300",
          value === null && "w-1/3 animate-pulse",
        )}
        style={value === null ? undefined : { width: `${value * 100}%` }}
      />
    </Radix.Root>
  );
}
