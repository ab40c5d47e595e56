import { Select } from "@acme/ui/input";
import type { ComponentProps } from "react";
import type { Choice } from "./regions";

/** A list of choices, which register() of React Hook Form takes as any other select. */
export function ChoiceSelect({ choices, ...rest }: ComponentProps<"select"> & { choices: Choice[] }) {
  return (
    <Select {...rest}>
      {choices.map(({ value, label }) => (
        <option key={value} value={value}>
          {label}
        </option>
      ))}
    </Select>
  );
}
