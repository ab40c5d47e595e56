import { Button } from "@acme/ui/button";
import { Check, Keyboard, Maximize2, Undo2, X } from "lucide-react";
import { useEffect, useEffectEvent, useState } from "react";
import { type Command, commandOf } from "./keys";
import { KeysDialog } from "./keys_dialog";
import { Pair } from "./pair";
import type { Decision, ReviewStatus, Tag } from "./queries";
import { placeAfter, toggled } from "./selection";
import { Strip } from "./strip";
import { useReview } from "./use_review";
import { WholePhoto } from "./whole_photo";

const NEAR_END = 12;

export interface ReviewDeskProps {
  projectId: string;
  status: ReviewStatus;
  tags: Tag[];
  onNearEnd: () => void;
}

/** One match at a time, decided by a key; several by selection. */
export function ReviewDesk({ projectId, status, tags, onNearEnd }: ReviewDeskProps) {
  const [wanted, setPlace] = useState(0);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [shown, setShown] = useState<"photo" | "keys" | null>(null);
  const [last, setLast] = useState<{ tags: Tag[]; decision: Decision } | null>(null);
  const review = useReview(projectId, status);
  const place = Math.min(wanted, tags.length - 1);
  const current = tags[place];

  function decide(decided: Tag[], decision: Decision): void {
    if (decided.length === 0) return;
    const gone = decided.map((tag) => tags.indexOf(tag));
    if (decision !== status) setPlace(placeAfter(place, gone, tags.length));
    else setPlace(Math.min(place + 1, tags.length - 1));
    setChosen(new Set());
    setLast({ tags: decided, decision });
    review.mutate({ tags: decided, decision });
    if (tags.length - place < NEAR_END) onNearEnd();
  }

  function undo(): void {
    if (!last) return;
    review.mutate({ tags: last.tags, decision: last.decision === "confirmed" ? "rejected" : "confirmed" });
    setLast(null);
  }

  const carryOut = (command: Command): void => {
    const actions: Record<Command, () => void> = {
      next: () => setPlace(Math.min(place + 1, tags.length - 1)),
      previous: () => setPlace(Math.max(place - 1, 0)),
      confirm: () => current && decide([current], "confirmed"),
      reject: () => current && decide([current], "rejected"),
      photo: () => setShown("photo"),
      select: () => current && setChosen(toggled(chosen, current.id)),
      select_all: () =>
        setChosen(chosen.size === tags.length ? new Set() : new Set(tags.map(({ id }) => id))),
      confirm_selected: () =>
        decide(
          tags.filter(({ id }) => chosen.has(id)),
          "confirmed",
        ),
      undo,
      help: () => setShown("keys"),
    };
    actions[command]();
  };
  useKeys(carryOut);
  if (!current) return null;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-5">
      <Pair tag={current} onPhoto={() => setShown("photo")} />
      <p role="status" className="sr-only">
        {`${place + 1} of ${tags.length}: ${current.candidate.name}, ${Math.round(current.confidence)} percent`}
      </p>
      <div className="sticky bottom-16 z-10 flex flex-wrap justify-center gap-2 bg-background/95 py-3 lg:bottom-0">
        <Button look="danger" size="lg" onClick={() => carryOut("reject")}>
          <X aria-hidden /> Not this guest
        </Button>
        <Button size="lg" onClick={() => carryOut("confirm")}>
          <Check aria-hidden /> It is
        </Button>
        <Button look="secondary" size="lg" onClick={() => setShown("photo")}>
          <Maximize2 aria-hidden /> Whole photo
        </Button>
        {last && (
          <Button look="secondary" size="lg" onClick={undo}>
            <Undo2 aria-hidden /> Undo
          </Button>
        )}
        <Button look="ghost" size="lg" aria-label="Keys" onClick={() => setShown("keys")}>
          <Keyboard aria-hidden />
        </Button>
      </div>
      <Strip
        tags={tags}
        place={place}
        chosen={chosen}
        onPlace={setPlace}
        onToggle={(id) => setChosen(toggled(chosen, id))}
        onConfirm={() => carryOut("confirm_selected")}
        onSelectAll={() => carryOut("select_all")}
      />
      <WholePhoto tag={current} isOpen={shown === "photo"} onClose={() => setShown(null)} />
      <KeysDialog isOpen={shown === "keys"} onClose={() => setShown(null)} />
    </div>
  );
}

function useKeys(carryOut: (command: Command) => void): void {
  const press = useEffectEvent((event: KeyboardEvent) => {
    const command = commandOf(event);
    if (!command) return;
    event.preventDefault();
    carryOut(command);
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => press(event);
    addEventListener("keydown", listener);
    return () => removeEventListener("keydown", listener);
  }, []);
}
