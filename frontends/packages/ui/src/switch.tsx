import { Switch as Radix } from "radix-ui";
import { type ComponentProps, type ReactNode, useId } from "react";
import { cn } from "./lib/cn";

export interface SwitchProps extends ComponentProps<typeof Radix.Root> {
  label: ReactNode;
}

export function Switch({ label, className, ...rest }: SwitchProps) {
  const id = useId();
  return (
    <div className={cn("flex items-center justify-between gap-3", className)}>
      <label htmlFor={id} className="text-sm">
        {label}
      </label>
      <Radix.Root
        id={id}
        className="relative h-6 w-10 shrink-0 rounded-full bg-input transition-colors data-[state=checked]:bg-primary"
        {...rest}
      >
        <Radix.Thumb className="block size-5 translate-x-0.5 rounded-full bg-white shadow transition-transform data-[state=checked]:translate-x-[1.125rem]" />
      </Radix.Root>
    </div>
  );
}
