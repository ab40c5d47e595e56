import { AlertDialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { Button } from "./button";
import { DialogFooter } from "./dialog";

export interface ConfirmProps {
  /** What is clicked to be asked; left out when `open` is used. */
  trigger?: ReactNode;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  title: ReactNode;
  description: ReactNode;
  confirmLabel: ReactNode;
  cancelLabel: ReactNode;
  /** That of what destroys something, unless said otherwise. */
  look?: "danger" | "primary";
  onConfirm: () => void;
}

/** Asks before something that cannot be taken back. */
export function Confirm(props: ConfirmProps) {
  const { trigger, open, onOpenChange, title, description, confirmLabel, cancelLabel } = props;
  return (
    <Radix.Root {...(open === undefined ? {} : { open })} {...(onOpenChange ? { onOpenChange } : {})}>
      {trigger && <Radix.Trigger asChild>{trigger}</Radix.Trigger>}
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-y-0 left-0 z-40 w-screen bg-black/60" />
        <Radix.Content className="fixed z-50 grid w-full gap-4 bg-raised p-6 shadow-xl max-sm:inset-x-0 max-sm:bottom-0 max-sm:rounded-t-lg sm:top-1/2 sm:left-1/2 sm:max-w-md sm:-translate-x-1/2 sm:-translate-y-1/2 sm:rounded-lg sm:border">
          <Radix.Title className="text-lg font-semibold">{title}</Radix.Title>
          <Radix.Description asChild>
            <div className="text-sm text-muted-foreground">{description}</div>
          </Radix.Description>
          <DialogFooter>
            <Radix.Cancel asChild>
              <Button look="secondary">{cancelLabel}</Button>
            </Radix.Cancel>
            <Radix.Action asChild onClick={props.onConfirm}>
              <Button look={props.look ?? "danger"}>{confirmLabel}</Button>
            </Radix.Action>
          </DialogFooter>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
