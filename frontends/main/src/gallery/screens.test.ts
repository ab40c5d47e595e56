import { describe, expect, test } from "vitest";
import { largestOf, shownWidth, sourcesOf } from "./screens";

const screen = (content_type: string, width: number) => ({
  url: `https://photos.example/${width}.${content_type.slice(6)}?X-Amz-Expires=900`,
  content_type,
  width,
  height: width / 2,
});

describe("sourcesOf", () => {
  test("puts what every browser reads last, with all sizes of each type", () => {
    const screens = [
      screen("image/jpeg", 800),
      screen("image/webp", 800),
      screen("image/jpeg", 1600),
      screen("image/webp", 1600),
    ];
    expect(sourcesOf(screens)).toEqual([
      {
        type: "image/webp",
        srcSet:
          "https://photos.example/800.webp?X-Amz-Expires=900 800w, https://photos.example/1600.webp?X-Amz-Expires=900 1600w",
      },
      {
        type: "image/jpeg",
        srcSet:
          "https://photos.example/800.jpeg?X-Amz-Expires=900 800w, https://photos.example/1600.jpeg?X-Amz-Expires=900 1600w",
      },
    ]);
  });

  test("has none of a photo from before there were screens", () => {
    expect(sourcesOf([])).toEqual([]);
  });
});

test("a locked photo is zoomed as far as its preview goes, a bought one to its last pixel", () => {
  expect(largestOf({ width: 6000, height: 4000, unlocked: false })).toEqual({ width: 2048, height: 1365 });
  expect(largestOf({ width: 6000, height: 4000, unlocked: true })).toEqual({ width: 6000, height: 4000 });
  expect(largestOf({ width: 900, height: 1200, unlocked: false })).toEqual({ width: 900, height: 1200 });
});

test("a picture is shown whole and never enlarged", () => {
  expect(shownWidth({ width: 2048, height: 1024 }, { width: 390, height: 700 })).toBe(390);
  expect(shownWidth({ width: 1000, height: 2000 }, { width: 1440, height: 800 })).toBe(400);
  expect(shownWidth({ width: 300, height: 200 }, { width: 1440, height: 800 })).toBe(300);
});
