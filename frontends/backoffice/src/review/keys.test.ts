import { describe, expect, it } from "vitest";
import { commandOf, type KeyPress } from "./keys";

function press(key: string, more: Partial<KeyPress> = {}): KeyPress {
  const plain = { ctrlKey: false, metaKey: false, altKey: false, repeat: false };
  return { key, ...plain, isInText: false, isOnControl: false, ...more };
}

describe("commandOf", () => {
  it.each([
    ["j", "next"],
    ["ArrowDown", "next"],
    ["K", "previous"],
    ["y", "confirm"],
    ["Enter", "confirm"],
    ["N", "reject"],
    [" ", "photo"],
    ["x", "toggle"],
    ["a", "select-all"],
    ["b", "bulk-confirm"],
    ["z", "undo"],
    ["?", "help"],
    ["q", null],
  ])("%s is %s", (key, command) => {
    expect(commandOf(press(key))).toBe(command);
  });

  it("leaves the browser's own keys and what is typed alone", () => {
    expect(commandOf(press("a", { ctrlKey: true }))).toBeNull();
    expect(commandOf(press("z", { metaKey: true }))).toBeNull();
    expect(commandOf(press("y", { isInText: true }))).toBeNull();
  });

  it("leaves Enter and Space to the control that has the focus", () => {
    expect(commandOf(press("Enter", { isOnControl: true }))).toBeNull();
    expect(commandOf(press(" ", { isOnControl: true }))).toBeNull();
    expect(commandOf(press("y", { isOnControl: true }))).toBe("confirm");
  });

  it("moves while a key is held, and decides once", () => {
    expect(commandOf(press("j", { repeat: true }))).toBe("next");
    expect(commandOf(press("y", { repeat: true }))).toBeNull();
  });
});
