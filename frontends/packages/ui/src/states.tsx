import { CircleAlert, LoaderCircle, type LucideIcon, RefreshCw } from "lucide-react";
import type { ComponentProps, ReactNode } from "react";
import { Button } from "./button";
import { cn } from "./lib/cn";

export function Skeleton({ className, ...rest }: ComponentProps<"div">) {
  return <div aria-hidden className={cn("animate-pulse rounded-md bg-muted", className)} {...rest} />;
}

export function Spinner({ label, className }: { label: string; className?: string }) {
  return (
    <div role="status" className={cn("grid place-items-center gap-3 p-10 text-muted-foreground", className)}>
      <LoaderCircle className="size-6 animate-spin" aria-hidden />
      <span className="text-sm">{label}</span>
    </div>
  );
}

export interface EmptyProps {
  icon: LucideIcon;
  title: ReactNode;
  children?: ReactNode;
  /** The way on. */
  action?: ReactNode;
}

/** There is nothing here yet, why, and what can be done about it. */
export function Empty({ icon: Icon, title, children, action }: EmptyProps) {
  return (
    <div className="grid justify-items-center gap-3 rounded-lg border border-dashed px-6 py-12 text-center">
      <Icon className="size-8 text-muted-foreground" aria-hidden />
      <p className="font-medium text-balance">{title}</p>
      {children && <div className="max-w-prose text-sm text-muted-foreground">{children}</div>}
      {action}
    </div>
  );
}

export interface FailureProps {
  title: ReactNode;
  children?: ReactNode;
  retryLabel?: ReactNode;
  onRetry?: () => void;
}

/** Something went wrong, in words, with a way on. */
export function Failure({ title, children, retryLabel = "Try again", onRetry }: FailureProps) {
  return (
    <div role="alert" className="grid justify-items-center gap-3 rounded-lg border px-6 py-10 text-center">
      <CircleAlert className="size-8 text-danger" aria-hidden />
      <p className="font-medium">{title}</p>
      {children && <div className="max-w-prose text-sm text-muted-foreground">{children}</div>}
      {onRetry && (
        <Button look="secondary" onClick={onRetry}>
          <RefreshCw aria-hidden /> {retryLabel}
        </Button>
      )}
    </div>
  );
}

export function Notice({
  tone = "neutral",
  className,
  ...rest
}: ComponentProps<"div"> & { tone?: "neutral" | "danger" | "accent" }) {
  const tones = {
    neutral: "bg-muted",
    danger: "border-danger text-danger bg-surface",
    accent: "bg-accent text-accent-foreground",
  };
  return <div className={cn("rounded-md border px-4 py-3 text-sm", tones[tone], className)} {...rest} />;
}
