import { Badge } from "@acme/ui/badge";
import { Button } from "@acme/ui/button";
import { Notice } from "@acme/ui/states";
import { Check, ChevronLeft, ChevronRight, Expand, Keyboard, Undo2, UserPlus, X } from "lucide-react";
import type { ReactNode } from "react";
import type { Decision } from "./desk";
import { FaceCrop } from "./face_crop";
import { Framed, SelfieFrame } from "./framed";
import type { Command } from "./keys";
import type { PhotoTag } from "./queries";

interface StageProps {
  tag: PhotoTag;
  decision: Decision | undefined;
  place: number;
  count: number;
  hasMore: boolean;
  canUndo: boolean;
  isAllDecided: boolean;
  onCommand: (command: Command) => void;
  onReload: () => void;
}

export function Stage(props: StageProps) {
  const { tag, decision, place, count, hasMore, isAllDecided, onReload, onCommand } = props;
  const { name } = tag.candidate;
  const shown = decision ?? (tag.review_status === "pending" ? undefined : tag.review_status);
  return (
    <section aria-label="Match" className="grid content-start gap-4">
      <div className="grid grid-cols-2 gap-2 sm:gap-4">
        <Framed caption="In the photo">
          <button
            type="button"
            className="size-full"
            aria-label="Show the whole photo"
            onMouseDown={keepFocus}
            onClick={() => onCommand("photo")}
          >
            <FaceCrop tag={tag} />
          </button>
        </Framed>
        <SelfieFrame candidate={tag.candidate} />
      </div>
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <h2 className="text-lg font-semibold">Is this {name}?</h2>
        <div className="flex items-center gap-2">
          {shown && (
            <Badge tone={shown === "confirmed" ? "success" : "danger"}>
              {shown === "confirmed" ? "Confirmed" : "Rejected"}
            </Badge>
          )}
          <Badge tone="accent">
            {tag.source === "manual" ? "Tagged by hand" : `${tag.confidence.toFixed(1)} % sure`}
          </Badge>
        </div>
      </div>
      <Choices onCommand={onCommand} />
      <Tools {...props} />
      <p role="status" className="sr-only">
        {`${name}, ${Math.round(tag.confidence)} percent, ${shown ?? "undecided"}, ${place + 1} of ${count}`}
      </p>
      {isAllDecided && (
        <Notice tone="accent" className="flex flex-wrap items-center justify-between gap-3">
          <span>
            All {count} are decided{hasMore ? "" : ". Well done"}.
          </span>
          <Button look="secondary" onClick={onReload}>
            Look for more
          </Button>
        </Notice>
      )}
    </section>
  );
}

/** On a phone they stay in reach of the thumb. */
function Choices({ onCommand }: { onCommand: (command: Command) => void }) {
  return (
    <div className="grid grid-cols-2 gap-3 max-lg:sticky max-lg:bottom-0 max-lg:z-10 max-lg:-mx-4 max-lg:border-t max-lg:bg-background max-lg:px-4 max-lg:py-3">
      <Button look="secondary" size="lg" onMouseDown={keepFocus} onClick={() => onCommand("reject")}>
        <X aria-hidden /> No <Key>N</Key>
      </Button>
      <Button size="lg" onMouseDown={keepFocus} onClick={() => onCommand("confirm")}>
        <Check aria-hidden /> Yes <Key>Y</Key>
      </Button>
    </div>
  );
}

function Tools({ place, count, hasMore, canUndo, onCommand }: StageProps) {
  const tool = (command: Command) => ({
    look: "ghost" as const,
    onMouseDown: keepFocus,
    onClick: () => onCommand(command),
  });
  return (
    <div className="flex flex-wrap items-center justify-between gap-2">
      <div className="flex items-center gap-1">
        <Button {...tool("previous")} size="icon" aria-label="Previous" disabled={place === 0}>
          <ChevronLeft aria-hidden />
        </Button>
        <span className="text-sm tabular-nums">
          {place + 1} of {count}
          {hasMore && "+"}
        </span>
        <Button {...tool("next")} size="icon" aria-label="Next" disabled={place + 1 >= count}>
          <ChevronRight aria-hidden />
        </Button>
      </div>
      <div className="flex flex-wrap gap-1">
        <Button {...tool("undo")} disabled={!canUndo}>
          <Undo2 aria-hidden /> Last decision
        </Button>
        <Button {...tool("photo")}>
          <Expand aria-hidden /> Whole photo
        </Button>
        <Button {...tool("tag")}>
          <UserPlus aria-hidden /> Tag somebody
        </Button>
        <Button {...tool("help")} className="pointer-coarse:hidden">
          <Keyboard aria-hidden /> Keys
        </Button>
      </div>
    </div>
  );
}

function Key({ children }: { children: ReactNode }) {
  return (
    <kbd
      aria-hidden
      className="rounded-sm border border-current px-1.5 font-sans text-xs pointer-coarse:hidden"
    >
      {children}
    </kbd>
  );
}

/** A mouse click leaves the focus where it was, so that Space and Enter stay shortcuts. */
function keepFocus(event: { preventDefault: () => void }): void {
  event.preventDefault();
}
