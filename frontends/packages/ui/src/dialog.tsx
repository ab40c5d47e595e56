import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import type { ComponentProps, ReactNode } from "react";
import { Button } from "./button";
import { cn } from "./lib/cn";

export const Dialog = Radix.Root;
export const DialogTrigger = Radix.Trigger;
export const DialogClose = Radix.Close;

export interface DialogContentProps extends Omit<ComponentProps<typeof Radix.Content>, "title"> {
  title: ReactNode;
  description?: ReactNode;
  closeLabel?: string;
}

/** In the middle of a desktop, from below on a phone. */
export function DialogContent({
  title,
  description,
  closeLabel = "Close",
  className,
  children,
  ...rest
}: DialogContentProps) {
  return (
    <Radix.Portal>
      <Radix.Overlay className="fixed inset-y-0 left-0 z-40 w-screen bg-black/60" />
      <Radix.Content
        className={cn(
          "fixed z-50 grid max-h-[90dvh] w-full gap-4 overflow-y-auto bg-raised p-6 shadow-xl max-sm:inset-x-0 max-sm:bottom-0 max-sm:rounded-t-lg sm:top-1/2 sm:left-1/2 sm:max-w-lg sm:-translate-x-1/2 sm:-translate-y-1/2 sm:rounded-lg sm:border",
          className,
        )}
        {...(description ? {} : { "aria-describedby": undefined })}
        {...rest}
      >
        <div className="grid gap-1 pr-10">
          <Radix.Title className="text-lg font-semibold text-balance">{title}</Radix.Title>
          {description && (
            <Radix.Description className="text-sm text-muted-foreground">{description}</Radix.Description>
          )}
        </div>
        {children}
        <Radix.Close asChild>
          <Button look="ghost" size="icon" className="absolute top-3 right-3" aria-label={closeLabel}>
            <X aria-hidden />
          </Button>
        </Radix.Close>
      </Radix.Content>
    </Radix.Portal>
  );
}

export function DialogFooter({ className, ...rest }: ComponentProps<"div">) {
  return (
    <div className={cn("flex flex-col-reverse gap-2 sm:flex-row sm:justify-end", className)} {...rest} />
  );
}
