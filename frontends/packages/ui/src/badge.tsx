import { cva, type VariantProps } from "class-variance-authority";
import type { ComponentProps } from "react";
import { cn } from "./lib/cn";

const style = cva(
  "inline-flex items-center gap-1 rounded-full border px-2 py-0.5 text-xs font-medium whitespace-nowrap [&_svg]:size-3",
  {
    variants: {
      tone: {
        neutral: "bg-muted text-foreground",
        accent: "border-transparent bg-accent text-accent-foreground",
        success: "border-current bg-surface text-success",
        warning: "border-current bg-surface text-warning",
        danger: "border-current bg-surface text-danger",
      },
    },
    defaultVariants: { tone: "neutral" },
  },
);

export function Badge({ tone, className, ...rest }: ComponentProps<"span"> & VariantProps<typeof style>) {
  return <span className={cn(style({ tone }), className)} {...rest} />;
}
