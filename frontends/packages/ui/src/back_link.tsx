import { ChevronLeft } from "lucide-react";
import { Slot } from "radix-ui";
import type { ReactElement } from "react";

/** The way up from a page; the child is the router's link. */
export function BackLink({ children }: { children: ReactElement }) {
  return (
    <Slot.Root className="inline-flex min-h-10 items-center gap-1 justify-self-start text-sm text-muted-foreground hover:text-foreground">
      <ChevronLeft className="size-4 shrink-0" aria-hidden />
      <Slot.Slottable>{children}</Slot.Slottable>
    </Slot.Root>
  );
}
