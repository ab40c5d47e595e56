import { Check } from "lucide-react";
import { Checkbox as Radix } from "radix-ui";
import { type ComponentProps, type ReactNode, useId } from "react";
import { cn } from "./lib/cn";

export interface CheckboxProps extends ComponentProps<typeof Radix.Root> {
  label: ReactNode;
}

export function Checkbox({ label, className, ...rest }: CheckboxProps) {
  const id = useId();
  return (
    <div className={cn("flex items-start gap-3", className)}>
      <Radix.Root
        id={id}
        className="mt-0.5 size-5 shrink-0 rounded-sm border border-input bg-surface data-[state=checked]:border-primary data-[state=checked]:bg-primary data-[state=checked]:text-primary-foreground"
        {...rest}
      >
        <Radix.Indicator className="grid place-content-center">
          <Check className="size-4" aria-hidden />
        </Radix.Indicator>
      </Radix.Root>
      <label htmlFor={id} className="text-sm leading-6">
        {label}
      </label>
    </div>
  );
}
