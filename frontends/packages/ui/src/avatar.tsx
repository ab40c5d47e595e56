import { Avatar as Radix } from "radix-ui";
import { cn } from "./lib/cn";

export interface AvatarProps {
  name: string;
  src?: string | null | undefined;
  className?: string;
}

/** A picture of somebody whose name stands beside it; their initials where there is none. */
export function Avatar({ name, src, className }: AvatarProps) {
  return (
    <Radix.Root
      aria-hidden
      className={cn(
        "grid size-9 shrink-0 place-items-center overflow-hidden rounded-full bg-accent text-sm font-medium text-accent-foreground",
        className,
      )}
    >
      {src && <Radix.Image src={src} alt="" className="size-full object-cover" />}
      <Radix.Fallback>{initials(name)}</Radix.Fallback>
    </Radix.Root>
  );
}

function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return letters
    .map((word) => [...(word ?? "")][0] ?? "")
    .join("")
    .toUpperCase();
}
