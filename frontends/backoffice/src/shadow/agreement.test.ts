import { expect, test } from "vitest";
import { agreedPercent, effect, scoreText, total } from "./agreement";

const NONE = { agreed: 0, only_primary: 0, only_shadow: 0, other_band: 0 };

test("of nothing no share is invented", () => {
  expect(total(NONE)).toBe(0);
  expect(agreedPercent(NONE)).toBeNull();
});

test("a single difference among thousands is never rounded away", () => {
  expect(agreedPercent({ ...NONE, agreed: 99_999, only_shadow: 1 })).toBe(99.9);
  expect(agreedPercent({ ...NONE, agreed: 99_999 })).toBe(100);
});

test("each kind of difference counts", () => {
  expect(agreedPercent({ agreed: 1, only_primary: 1, only_shadow: 1, other_band: 1 })).toBe(25);
});

test("a score below every bound is told, and what follows from it", () => {
  expect(scoreText({ engine: "rekognition", score: 51.26, band: null })).toBe("51.3 %");
  expect(effect({ engine: "rekognition", score: 51.26, band: null })).toBe("does not show it");
  expect(scoreText({ engine: "rekognition", score: null, band: null })).toBe("nobody found");
});
