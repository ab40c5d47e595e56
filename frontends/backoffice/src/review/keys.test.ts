// @vitest-environment jsdom
import { expect, test } from "vitest";
import { commandOf } from "./keys";

function pressed(key: string, over: object = {}) {
  return commandOf({ key, ctrlKey: false, metaKey: false, altKey: false, target: document.body, ...over });
}

test.each([
  ["j", "next"],
  ["J", "next"],
  ["ArrowUp", "previous"],
  ["y", "confirm"],
  ["Enter", "confirm"],
  ["n", "reject"],
  [" ", "photo"],
  ["q", undefined],
])("%s is %s", (key, command) => {
  expect(pressed(key)).toBe(command);
});

test("who types decides nothing, and the browser keeps its own keys", () => {
  expect(pressed("n", { target: document.createElement("input") })).toBeUndefined();
  expect(pressed("a", { ctrlKey: true })).toBeUndefined();
});

test("Enter on a button is the button's, other keys still work there", () => {
  const button = document.createElement("button");
  expect(pressed("Enter", { target: button })).toBeUndefined();
  expect(pressed("y", { target: button })).toBe("confirm");
});
