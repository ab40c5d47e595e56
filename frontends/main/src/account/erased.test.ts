import { expect, test } from "vitest";
import { erasedParts } from "./erased";

test("a receipt tells what was there, in one order", () => {
  const erased = { objects: 3, selfies: 1, templates: 2, provider_faces: 0, automatic_tags: 5 };
  expect(erasedParts({ erased })).toEqual([
    ["selfies", 1],
    ["templates", 2],
    ["automatic_tags", 5],
    ["objects", 3],
  ]);
});

test("nothing is told before it has been erased", () => {
  expect(erasedParts({ erased: {} })).toEqual([]);
});
