import { describe, expect, test } from "vitest";
import { designOf, ownVersion, type Watermark, wishOf } from "./design";

const layout = { placement: "tile" as const, opacity: 0.38, size: null, margin: 0.03, angle: 30 };
const watermark: Watermark = {
  source: "operator",
  kind: "text",
  text: null,
  logo_id: null,
  logo_url: null,
  preview: layout,
  deliverable: layout,
  version: 4,
  updated_at: null,
};

describe("wishOf", () => {
  test("leaves the text to the operator's name where there is none", () => {
    expect(wishOf({ ...designOf(watermark), text: "  " })).toMatchObject({ kind: "text", text: null });
    expect(wishOf({ ...designOf(watermark), text: " Gala " })).toMatchObject({ text: "Gala" });
  });

  test("names a logo in a design of a logo only, and waits for one", () => {
    const logo = { ...designOf(watermark), logo_id: "a" };
    expect(wishOf(logo)).not.toHaveProperty("logo_id");
    expect(wishOf({ ...logo, kind: "logo" })).toMatchObject({ logo_id: "a" });
    expect(wishOf({ ...logo, kind: "logo", logo_id: null })).toBeNull();
  });
});

test("a project that is drawn with its operator's design has no version of its own", () => {
  expect(ownVersion(watermark, "operator")).toBe(4);
  expect(ownVersion(watermark, "project")).toBeNull();
});
