import { expect, test } from "vitest";
import { frameOf, takenSize } from "./framing";

test("a landscape camera is cut at its sides, an upright one above and below", () => {
  expect(frameOf(640, 480)).toEqual({ left: 140, top: 0, width: 360, height: 480 });
  expect(frameOf(480, 800)).toEqual({ left: 0, top: 80, width: 480, height: 640 });
});

test("what is taken is no larger than needed, and never enlarged", () => {
  expect(takenSize(frameOf(4000, 3000))).toEqual({ width: 1200, height: 1600 });
  expect(takenSize(frameOf(640, 480))).toEqual({ width: 360, height: 480 });
});
