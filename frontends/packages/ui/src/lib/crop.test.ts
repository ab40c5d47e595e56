import { describe, expect, test } from "vitest";
import { cropPosition } from "./crop";

const SQUARE = 1;
const landscape = (x: number, y = 0.5) => ({ width: 3000, height: 2000, focus: { x, y } });

describe("cropPosition", () => {
  test("brings the faces to the middle, across or down", () => {
    expect(cropPosition(landscape(0.5), SQUARE)).toBe("50% 50%");
    expect(cropPosition(landscape(0.4), SQUARE)).toBe("20% 50%");
    expect(cropPosition({ width: 2000, height: 3000, focus: { x: 0.9, y: 0.4 } }, SQUARE)).toBe("50% 20%");
  });

  test("never goes beyond the photo's edges", () => {
    expect(cropPosition(landscape(0.02), SQUARE)).toBe("0% 50%");
    expect(cropPosition(landscape(0.99), SQUARE)).toBe("100% 50%");
  });

  test("cuts a photo of the frame's own shape nowhere, and a flatter frame from above and below", () => {
    expect(cropPosition({ width: 900, height: 900, focus: { x: 0.1, y: 0.1 } }, SQUARE)).toBe("50% 50%");
    expect(cropPosition(landscape(0.1, 0.2), 5 / 2)).toBe("50% 0%");
  });

  test("says nothing of a photo without faces, or of one that is not read yet", () => {
    expect(cropPosition({ width: 3000, height: 2000, focus: null }, SQUARE)).toBeNull();
    expect(cropPosition({ width: null, height: null, focus: { x: 0.1, y: 0.1 } }, SQUARE)).toBeNull();
  });
});
