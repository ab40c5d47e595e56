import { describe, expect, it } from "vitest";
import { type Decision, type Desk, desk, EMPTY_DESK, placeOf } from "./desk";

const IDS = ["a", "b", "c", "d"];

function decided(state: Desk, ids: string[], decision: Decision = "confirmed"): Desk {
  return desk(state, { type: "decide", decided: ids, decision, ids: IDS });
}

describe("desk", () => {
  it("starts at the first and stays within the list", () => {
    expect(placeOf(EMPTY_DESK, IDS)).toBe(0);
    const back = desk(EMPTY_DESK, { type: "move", by: -1, ids: IDS });
    expect(back.currentId).toBe("a");
    const end = desk({ ...EMPTY_DESK, currentId: "d" }, { type: "move", by: 1, ids: IDS });
    expect(end.currentId).toBe("d");
  });

  it("goes on to the next that is undecided, and round to those that were skipped", () => {
    let state = desk(EMPTY_DESK, { type: "move", by: 1, ids: IDS });
    state = decided(state, ["b"]);
    expect(state.currentId).toBe("c");
    state = decided(state, ["c"]);
    state = decided(state, ["d"], "rejected");
    expect(state.currentId).toBe("a");
    state = decided(state, ["a"]);
    expect(state.currentId).toBe("a");
  });

  it("undoes by going back, one decision after the other", () => {
    let state = decided(decided(EMPTY_DESK, ["a"]), ["b"]);
    state = desk(state, { type: "undo" });
    expect(state.currentId).toBe("b");
    expect(state.decided.get("b")).toBe("confirmed");
    state = decided(state, ["b"], "rejected");
    expect(state.decided.get("b")).toBe("rejected");
    expect(state.currentId).toBe("c");
    state = desk(desk(state, { type: "undo" }), { type: "undo" });
    expect(state.currentId).toBe("a");
    expect(desk(state, { type: "undo" }).currentId).toBe("a");
  });

  it("selects, and drops from the selection what was decided", () => {
    let state = desk(EMPTY_DESK, { type: "toggle", id: "a" });
    state = desk(state, { type: "toggle", id: "b" });
    state = desk(state, { type: "toggle", id: "a" });
    expect([...state.selected]).toEqual(["b"]);
    state = desk(state, { type: "select", ids: IDS });
    state = decided(state, ["a", "c"]);
    expect([...state.selected]).toEqual(["b", "d"]);
    expect(desk(state, { type: "clear" }).selected.size).toBe(0);
  });

  it("brings back what could not be saved", () => {
    let state = decided(EMPTY_DESK, ["a"]);
    state = decided(state, ["b"]);
    state = desk(state, { type: "rollback", before: new Map([["a", undefined]]) });
    expect(state.currentId).toBe("a");
    expect(state.decided.has("a")).toBe(false);
    expect(state.history).toEqual(["b"]);
    state = decided(state, ["b"], "rejected");
    state = desk(state, { type: "rollback", before: new Map([["b", "confirmed"]]) });
    expect(state.decided.get("b")).toBe("confirmed");
  });

  it("finds its place again when the list was loaded anew", () => {
    const state = { ...EMPTY_DESK, currentId: "b", decided: new Map([["c", "confirmed" as const]]) };
    expect(placeOf(state, ["c", "d"])).toBe(1);
    expect(placeOf(state, [])).toBe(0);
  });
});
