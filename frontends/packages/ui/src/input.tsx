import type { ComponentProps } from "react";
import { cn } from "./lib/cn";

const BOX =
  "w-full rounded-md border border-input bg-surface px-3 text-base text-foreground placeholder:text-muted-foreground disabled:opacity-60 aria-invalid:border-danger sm:text-sm";

export function Input({ className, ...rest }: ComponentProps<"input">) {
  return <input className={cn(BOX, "min-h-10", className)} {...rest} />;
}

export function Textarea({ className, ...rest }: ComponentProps<"textarea">) {
  return <textarea className={cn(BOX, "min-h-24 py-2", className)} {...rest} />;
}

/** The browser's own list: on a phone nothing is easier to use. */
export function Select({ className, ...rest }: ComponentProps<"select">) {
  return <select className={cn(BOX, "min-h-10 pr-8", className)} {...rest} />;
}
