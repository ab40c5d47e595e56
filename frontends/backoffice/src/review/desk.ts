import type { Schemas } from "@acme/api/backoffice";

export type ReviewStatus = Schemas["ReviewStatus"];
export type Decision = "confirmed" | "rejected";

/** What the reviewer has before them: where they are, what they have marked, what they have decided here. */
export interface Desk {
  currentId: string | null;
  selected: ReadonlySet<string>;
  decided: ReadonlyMap<string, Decision>;
  /** In the order of deciding; the last is where undo goes. */
  history: readonly string[];
}

export const EMPTY_DESK: Desk = {
  currentId: null,
  selected: new Set(),
  decided: new Map(),
  history: [],
};

export type DeskAction =
  | { type: "move"; by: 1 | -1; ids: readonly string[] }
  | { type: "go"; id: string }
  | { type: "toggle"; id: string }
  | { type: "select"; ids: readonly string[] }
  | { type: "clear" }
  | { type: "decide"; decided: readonly string[]; decision: Decision; ids: readonly string[] }
  | { type: "rollback"; before: ReadonlyMap<string, Decision | undefined> }
  | { type: "undo" };

export function desk(state: Desk, action: DeskAction): Desk {
  switch (action.type) {
    case "move":
      return { ...state, currentId: moved(state, action.ids, action.by) };
    case "go":
      return { ...state, currentId: action.id };
    case "toggle":
      return { ...state, selected: toggled(state.selected, action.id) };
    case "select":
      return { ...state, selected: new Set(action.ids) };
    case "clear":
      return { ...state, selected: new Set() };
    case "decide":
      return decide(state, action.decided, action.decision, action.ids);
    case "rollback":
      return rolledBack(state, action.before);
    case "undo":
      return {
        ...state,
        currentId: state.history.at(-1) ?? state.currentId,
        history: state.history.slice(0, -1),
      };
  }
}

/** Where the reviewer stands in the list; the first that is undecided when that one is gone. */
export function placeOf(state: Desk, ids: readonly string[]): number {
  const place = state.currentId === null ? -1 : ids.indexOf(state.currentId);
  if (place >= 0) return place;
  return Math.max(
    0,
    ids.findIndex((id) => !state.decided.has(id)),
  );
}

function moved(state: Desk, ids: readonly string[], by: 1 | -1): string | null {
  const place = placeOf(state, ids) + by;
  return ids[Math.min(Math.max(place, 0), ids.length - 1)] ?? null;
}

function toggled(selected: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(selected);
  if (!next.delete(id)) next.add(id);
  return next;
}

function decide(
  state: Desk,
  decidedIds: readonly string[],
  decision: Decision,
  ids: readonly string[],
): Desk {
  const decided = new Map(state.decided);
  for (const id of decidedIds) decided.set(id, decision);
  const selected = new Set([...state.selected].filter((id) => !decidedIds.includes(id)));
  const history = [...state.history.filter((id) => !decidedIds.includes(id)), ...decidedIds];
  const next = { ...state, decided, selected, history };
  return { ...next, currentId: nextOpen(next, ids, placeOf(state, ids)) };
}

/** The next undecided one, from there to the end and then from the start; the same when there is none. */
function nextOpen(state: Desk, ids: readonly string[], from: number): string | null {
  const order = [...ids.slice(from), ...ids.slice(0, from)];
  return order.find((id) => !state.decided.has(id)) ?? ids[from] ?? null;
}

/** The reviewer is brought back to what could not be saved. */
function rolledBack(state: Desk, before: ReadonlyMap<string, Decision | undefined>): Desk {
  const decided = new Map(state.decided);
  for (const [id, decision] of before) {
    if (decision === undefined) decided.delete(id);
    else decided.set(id, decision);
  }
  const [first] = before.keys();
  return {
    ...state,
    decided,
    history: state.history.filter((id) => !before.has(id) || decided.has(id)),
    currentId: first ?? state.currentId,
  };
}
