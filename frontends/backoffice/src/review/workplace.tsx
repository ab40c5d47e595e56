import { useEffect, useMemo, useReducer, useState } from "react";
import { type Decision, desk, EMPTY_DESK, placeOf } from "./desk";
import { HelpDialog } from "./help_dialog";
import type { Command } from "./keys";
import { PhotoView } from "./photo_view";
import type { PhotoTag } from "./queries";
import { Stage } from "./stage";
import { TagDialog } from "./tag_dialog";
import { TagStrip } from "./tag_strip";
import { useDecisions } from "./use_decisions";
import { useKeys } from "./use_keys";

const NEAR_END = 20;
const PREFETCHED = 4;
type Open = "photo" | "tag" | "help" | null;

interface WorkplaceProps {
  projectId: string;
  tags: PhotoTag[];
  wantedId: string | null;
  hasMore: boolean;
  onNearEnd: () => void;
  onReload: () => void;
}

export function Workplace({ projectId, tags, wantedId, hasMore, onNearEnd, onReload }: WorkplaceProps) {
  const [state, dispatch] = useReducer(desk, { ...EMPTY_DESK, currentId: wantedId });
  const [open, setOpen] = useState<Open>(null);
  const [hasKeys, setHasKeys] = useState(true);
  const ids = useMemo(() => tags.map((tag) => tag.id), [tags]);
  const decide = useDecisions(projectId, state, dispatch, tags);
  const place = placeOf(state, ids);
  const current = tags[place];
  usePrefetched(tags, place);
  const isSought = state.currentId !== null && state.currentId !== current?.id;
  useEffect(() => {
    if (isSought || place + NEAR_END >= ids.length) onNearEnd();
  }, [isSought, place, ids.length, onNearEnd]);

  const decideCurrent = (decision: Decision) => current && void decide([current.id], decision);
  const decideSelected = (decision: Decision) => void decide([...state.selected], decision);
  const toggleOpen = (what: Open) => setOpen((last) => (last === what ? null : what));
  const commands: Record<Command, () => void> = {
    next: () => dispatch({ type: "move", by: 1, ids }),
    previous: () => dispatch({ type: "move", by: -1, ids }),
    confirm: () => decideCurrent("confirmed"),
    reject: () => decideCurrent("rejected"),
    photo: () => toggleOpen("photo"),
    toggle: () => current && dispatch({ type: "toggle", id: current.id }),
    "select-all": () => dispatch({ type: "select", ids: ids.filter((id) => !state.decided.has(id)) }),
    "bulk-confirm": () => decideSelected("confirmed"),
    undo: () => dispatch({ type: "undo" }),
    clear: () => open === null && dispatch({ type: "clear" }),
    tag: () => setOpen("tag"),
    help: () => toggleOpen("help"),
  };
  useKeys(hasKeys && open !== "tag" && open !== "help", (command) => commands[command]());

  if (!current) return null;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
      <Stage
        tag={current}
        decision={state.decided.get(current.id)}
        place={place}
        count={ids.length}
        hasMore={hasMore}
        canUndo={state.history.length > 0}
        isAllDecided={!hasMore && ids.every((id) => state.decided.has(id))}
        onCommand={(command) => commands[command]()}
        onReload={onReload}
      />
      <TagStrip
        tags={tags}
        state={state}
        place={place}
        dispatch={dispatch}
        onSelectAll={commands["select-all"]}
        onDecide={decideSelected}
      />
      {open === "photo" && (
        <PhotoView
          tag={current}
          onClose={() => setOpen(null)}
          onDecide={decideCurrent}
          decision={state.decided.get(current.id)}
        />
      )}
      {open === "tag" && <TagDialog projectId={projectId} photo={current} onClose={() => setOpen(null)} />}
      {open === "help" && <HelpDialog hasKeys={hasKeys} onKeys={setHasKeys} onClose={() => setOpen(null)} />}
    </div>
  );
}

/** The next pictures are there before they are asked for. */
function usePrefetched(tags: readonly PhotoTag[], place: number): void {
  useEffect(() => {
    for (const tag of tags.slice(place + 1, place + 1 + PREFETCHED)) {
      for (const url of [tag.face_url, tag.candidate.selfie_url, tag.photo_url]) {
        if (url) new Image().src = url;
      }
    }
  }, [tags, place]);
}
