import { Button } from "@acme/ui/button";
import { cn } from "@acme/ui/lib/cn";
import { useVirtualizer } from "@tanstack/react-virtual";
import { Check, X } from "lucide-react";
import { type Dispatch, useEffect, useRef } from "react";
import type { Decision, Desk, DeskAction } from "./desk";
import { FaceCrop } from "./face_crop";
import type { PhotoTag } from "./queries";

const COLUMNS = 4;
const ROW_HEIGHT = 80;

interface TagStripProps {
  tags: readonly PhotoTag[];
  state: Desk;
  place: number;
  dispatch: Dispatch<DeskAction>;
  onSelectAll: () => void;
  onDecide: (decision: Decision) => void;
}

/** All that is shown, at a glance: to jump to one, and to select several. */
export function TagStrip({ tags, state, place, dispatch, onSelectAll, onDecide }: TagStripProps) {
  const box = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: Math.ceil(tags.length / COLUMNS),
    getScrollElement: () => box.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 3,
  });
  const row = Math.floor(place / COLUMNS);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the reviewer has moved to another row
  useEffect(() => rows.scrollToIndex(row), [row]);
  return (
    <section aria-label="All matches shown" className="grid content-start gap-3">
      <Selection
        count={state.selected.size}
        onSelectAll={onSelectAll}
        onClear={() => dispatch({ type: "clear" })}
        onDecide={onDecide}
      />
      <div ref={box} className="max-h-[60dvh] overflow-y-auto rounded-lg border bg-surface p-1">
        <ul className="relative" style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().flatMap(({ index, start }) =>
            tags.slice(index * COLUMNS, (index + 1) * COLUMNS).map((tag, column) => (
              <li
                key={tag.id}
                className="absolute p-1"
                style={{ width: "25%", height: ROW_HEIGHT, left: `${column * 25}%`, top: start }}
              >
                <Tile
                  tag={tag}
                  decision={state.decided.get(tag.id)}
                  isCurrent={index * COLUMNS + column === place}
                  isSelected={state.selected.has(tag.id)}
                  onGo={() => dispatch({ type: "go", id: tag.id })}
                  onToggle={() => dispatch({ type: "toggle", id: tag.id })}
                />
              </li>
            )),
          )}
        </ul>
      </div>
    </section>
  );
}

interface TileProps {
  tag: PhotoTag;
  decision: Decision | undefined;
  isCurrent: boolean;
  isSelected: boolean;
  onGo: () => void;
  onToggle: () => void;
}

function Tile({ tag, decision, isCurrent, isSelected, onGo, onToggle }: TileProps) {
  const { name } = tag.candidate;
  return (
    <div
      className={cn(
        "relative size-full overflow-hidden rounded-md bg-muted",
        isCurrent && "outline-3 outline-offset-1 outline-primary",
      )}
    >
      <button
        type="button"
        aria-current={isCurrent}
        aria-label={`${name}, ${Math.round(tag.confidence)} percent${decision ? `, ${decision}` : ""}`}
        onClick={onGo}
        className={cn("size-full", decision && "opacity-40")}
      >
        <FaceCrop tag={tag} />
      </button>
      {decision ? (
        <span
          aria-hidden
          className={cn(
            "absolute right-1 bottom-1 rounded-full bg-surface p-0.5",
            decision === "confirmed" ? "text-success" : "text-danger",
          )}
        >
          {decision === "confirmed" ? <Check className="size-4" /> : <X className="size-4" />}
        </span>
      ) : (
        <button
          type="button"
          aria-pressed={isSelected}
          aria-label={`Select ${name}`}
          onClick={onToggle}
          className="absolute top-0 left-0 grid size-8 place-items-center pointer-coarse:size-10"
        >
          <span
            className={cn(
              "grid size-5 place-items-center rounded-sm border-2 border-white shadow",
              isSelected ? "bg-primary text-primary-foreground" : "bg-black/40",
            )}
          >
            {isSelected && <Check className="size-3.5" aria-hidden />}
          </span>
        </button>
      )}
    </div>
  );
}

interface SelectionProps {
  count: number;
  onSelectAll: () => void;
  onClear: () => void;
  onDecide: (decision: Decision) => void;
}

function Selection({ count, onSelectAll, onClear, onDecide }: SelectionProps) {
  return (
    <div className="grid gap-2">
      <div className="flex min-h-10 items-center justify-between gap-2">
        <p role="status" className="text-sm tabular-nums">
          {count === 0 ? "None selected" : `${count} selected`}
        </p>
        {count === 0 ? (
          <Button look="ghost" onClick={onSelectAll}>
            Select all
          </Button>
        ) : (
          <Button look="ghost" onClick={onClear}>
            Select none
          </Button>
        )}
      </div>
      <div className="grid grid-cols-2 gap-2">
        <Button look="secondary" disabled={count === 0} onClick={() => onDecide("rejected")}>
          <X aria-hidden /> Reject all
        </Button>
        <Button look="secondary" disabled={count === 0} onClick={() => onDecide("confirmed")}>
          <Check aria-hidden /> Confirm all
        </Button>
      </div>
    </div>
  );
}
