import { Button } from "@acme/ui/button";
import { cn } from "@acme/ui/lib/cn";
import { Check } from "lucide-react";
import type { Tag } from "./queries";

interface StripProps {
  tags: Tag[];
  place: number;
  chosen: ReadonlySet<string>;
  onPlace: (place: number) => void;
  onToggle: (id: string) => void;
  onConfirm: () => void;
  onSelectAll: () => void;
}

/** All that are loaded, small: to jump, and to select. The faces of those to come are loaded by this. */
export function Strip({ tags, place, chosen, onPlace, onToggle, onConfirm, onSelectAll }: StripProps) {
  return (
    <section aria-label="All matches" className="grid gap-3 border-t pt-4">
      <div className="flex flex-wrap items-center gap-2">
        <Button look="secondary" size="sm" onClick={onSelectAll}>
          {chosen.size === tags.length ? "Select none" : "Select all"}
        </Button>
        <Button size="sm" disabled={chosen.size === 0} onClick={onConfirm}>
          Confirm {chosen.size} selected
        </Button>
      </div>
      <ul className="grid grid-cols-[repeat(auto-fill,minmax(5.5rem,1fr))] gap-2">
        {tags.map((tag, index) => (
          <li key={tag.id} className="relative">
            <button
              type="button"
              aria-current={index === place ? "true" : undefined}
              aria-label={`${tag.candidate.name}, ${Math.round(tag.confidence)} % alike`}
              onClick={() => onPlace(index)}
              className={cn(
                "block w-full overflow-hidden rounded-md",
                index === place && "ring-3 ring-primary ring-offset-2 ring-offset-background",
              )}
            >
              <img
                src={tag.face_url ?? tag.thumbnail_url ?? ""}
                alt=""
                className="aspect-square w-full bg-muted object-cover"
              />
            </button>
            <button
              type="button"
              aria-pressed={chosen.has(tag.id)}
              aria-label={`Select ${tag.candidate.name}, ${Math.round(tag.confidence)} %`}
              onClick={() => onToggle(tag.id)}
              className={cn(
                "absolute top-0 right-0 grid size-8 place-items-center rounded-bl-md",
                chosen.has(tag.id) ? "bg-primary text-primary-foreground" : "bg-black/60 text-white",
              )}
            >
              <Check className="size-4" aria-hidden />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
