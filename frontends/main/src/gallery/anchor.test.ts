import { justify } from "@acme/ui/lib/justified";
import { expect, test } from "vitest";
import { anchoredScroll, type Laid } from "./anchor";

const SQUARE = { width: 100, height: 100 };
const VIEWPORT = 300;

/** Five squares to a row of 100, without gaps. */
function laid(ids: readonly string[], width = 500): Laid {
  return { ids, layout: justify(Array(ids.length).fill(SQUARE), width, 100, 0) };
}

const names = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, offset) => `photo-${from + offset}`);

const KNOWN = laid(names(0, 50));

test("rows that come in above push the scroll position down by as much", () => {
  const after = laid([...names(100, 110), ...KNOWN.ids]);
  expect(anchoredScroll(KNOWN, after, 330, VIEWPORT)).toBe(530);
});

test("at the top nothing moves: what is new is seen", () => {
  expect(anchoredScroll(KNOWN, laid([...names(100, 110), ...KNOWN.ids]), 0, VIEWPORT)).toBeNull();
});

test("photos that come in below move nothing", () => {
  expect(anchoredScroll(KNOWN, laid([...KNOWN.ids, ...names(100, 110)]), 330, VIEWPORT)).toBe(330);
});

test("when the first photo that is seen has gone, the next one holds", () => {
  const after = laid(KNOWN.ids.filter((id) => id !== "photo-15"));
  expect(anchoredScroll(KNOWN, after, 310, VIEWPORT)).toBe(310);
});

test("another width keeps the first photo of the row in sight", () => {
  const after = laid(KNOWN.ids, 200);
  expect(anchoredScroll(KNOWN, after, 300, VIEWPORT)).toBe(700);
});

test("when all that was seen has gone there is nothing to hold on to", () => {
  expect(anchoredScroll(KNOWN, laid(names(100, 150)), 330, VIEWPORT)).toBeNull();
});
