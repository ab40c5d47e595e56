import { type ClassValue, clsx } from "clsx";
import { twMerge } from "tailwind-merge";

/** Classes joined; of two that set the same property, the later one stays. */
export function cn(...classes: ClassValue[]): string {
  return twMerge(clsx(classes));
}
