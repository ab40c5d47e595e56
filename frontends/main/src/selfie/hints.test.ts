import { expect, test } from "vitest";
import { brightnessOf, hintOf, type SeenFace } from "./hints";

const GOOD: SeenFace = { left: 0.28, top: 0.25, width: 0.44, height: 0.46 };

function at(change: Partial<SeenFace>): SeenFace {
  return { ...GOOD, ...change };
}

test.each([
  ["good", [GOOD], 120],
  ["too_dark", [GOOD], 20],
  ["too_bright", [GOOD], 250],
  ["no_face", [], 120],
  ["too_far", [at({ height: 0.15, width: 0.15 })], 120],
  ["too_close", [at({ height: 0.95 })], 120],
  ["off_centre", [at({ left: 0 })], 120],
  ["several_faces", [GOOD, at({ left: 0.7, height: 0.4 })], 120],
] as const)("%s", (hint, faces, brightness) => {
  expect(hintOf({ faces, brightness })).toBe(hint);
});

test("somebody far behind is no second face", () => {
  expect(hintOf({ faces: [at({ left: 0.9, height: 0.1 }), GOOD], brightness: 120 })).toBe("good");
});

test("without a detector only the light is judged", () => {
  expect(hintOf({ faces: null, brightness: 120 })).toBe("light_ok");
  expect(hintOf({ faces: null, brightness: 10 })).toBe("too_dark");
});

test("brightness weighs colours as eyes do", () => {
  expect(brightnessOf(new Uint8ClampedArray([255, 255, 255, 255]))).toBeCloseTo(255);
  expect(brightnessOf(new Uint8ClampedArray([0, 255, 0, 255, 0, 0, 0, 255]))).toBeCloseTo(74.8, 1);
  expect(brightnessOf(new Uint8ClampedArray())).toBe(0);
});
