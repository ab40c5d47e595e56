import { expect, test } from "vitest";
import { placeAfter, toggled } from "./selection";

test("twice is as before", () => {
  const once = toggled(new Set(["a"]), "b");
  expect([...once]).toEqual(["a", "b"]);
  expect([...toggled(once, "b")]).toEqual(["a"]);
});

test.each([
  ["the next one moves up", 2, [2], 5, 2],
  ["the last one steps back", 4, [4], 5, 3],
  ["some before it are gone", 3, [0, 1], 5, 1],
  ["all are gone", 1, [0, 1, 2], 3, 0],
])("%s", (_, place, gone, count, expected) => {
  expect(placeAfter(place, gone, count)).toBe(expected);
});
