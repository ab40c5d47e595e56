import type { ComponentProps } from "react";
import { cn } from "./lib/cn";

interface TableProps extends ComponentProps<"table"> {
  label: string;
  /** Few and short columns, for which a phone has room. */
  isNarrow?: boolean;
}

/**
 * On a phone each row is a card: its first cell is the title, and the others stand below it beside their labels.
 * Roles are named, since what is not drawn as a table is none to a screen reader.
 */
export function Table({ className, label, isNarrow = false, ...rest }: TableProps) {
  return (
    <section
      className={cn(
        "relative overflow-x-auto rounded-lg border bg-surface cards:overflow-visible cards:border-0 cards:bg-transparent",
        !isNarrow && "has-cards",
      )}
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse must be able to scroll it
      tabIndex={0}
    >
      <table
        // biome-ignore lint/a11y/noRedundantRoles: see above
        role="table"
        className={cn(
          "w-full border-collapse text-sm cards:block cards:[&>tbody]:grid cards:[&>tbody]:gap-3 cards:[&>thead]:sr-only",
          className,
        )}
        {...rest}
      />
    </section>
  );
}

export function TableRow({ className, ...rest }: ComponentProps<"tr">) {
  return (
    <tr
      // biome-ignore lint/a11y/noRedundantRoles: see Table
      role="row"
      className={cn(
        "cards:grid cards:gap-2 cards:rounded-lg cards:border cards:bg-surface cards:p-4",
        className,
      )}
      {...rest}
    />
  );
}

export function Th({ className, ...rest }: ComponentProps<"th">) {
  return (
    <th
      // biome-ignore lint/a11y/noRedundantRoles: see Table
      role="columnheader"
      scope="col"
      className={cn(
        "border-b bg-muted px-4 py-2.5 text-left text-xs font-medium text-muted-foreground",
        className,
      )}
      {...rest}
    />
  );
}

/** `label`, the head of its column, stands beside it in a card. A row's title and its buttons have none. */
export function Td({ className, label, children, ...rest }: ComponentProps<"td"> & { label?: string }) {
  return (
    <td
      // biome-ignore lint/a11y/noRedundantRoles: see Table
      role="cell"
      className={cn(
        "border-b px-4 py-3 align-middle whitespace-nowrap [tr:last-child>&]:border-b-0 cards:border-0 cards:p-0 cards:whitespace-normal cards:empty:hidden",
        label && "cards:flex cards:justify-between cards:gap-4 cards:text-right",
        className,
      )}
      {...rest}
    >
      {label && (
        <span aria-hidden className="hidden text-muted-foreground cards:inline">
          {label}
        </span>
      )}
      {label ? <div className="min-w-0 break-words">{children}</div> : children}
    </td>
  );
}
