import type { ComponentProps } from "react";
import { cn } from "./lib/cn";

/** Scrolls sideways within itself where the screen is narrow. */
export function Table({ className, label, ...rest }: ComponentProps<"table"> & { label: string }) {
  return (
    <section
      className="relative overflow-x-auto rounded-lg border bg-surface"
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse must be able to scroll it
      tabIndex={0}
    >
      <table className={cn("w-full border-collapse text-sm", className)} {...rest} />
    </section>
  );
}

export function Th({ className, ...rest }: ComponentProps<"th">) {
  return (
    <th
      scope="col"
      className={cn(
        "border-b bg-muted px-4 py-2.5 text-left text-xs font-medium text-muted-foreground",
        className,
      )}
      {...rest}
    />
  );
}

export function Td({ className, ...rest }: ComponentProps<"td">) {
  return (
    <td
      className={cn(
        "border-b px-4 py-3 align-middle whitespace-nowrap [tr:last-child>&]:border-b-0",
        className,
      )}
      {...rest}
    />
  );
}
