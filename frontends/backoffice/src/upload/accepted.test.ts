import { describe, expect, it } from "vitest";
import { contentTypeOf, isHidden } from "./accepted";

describe("contentTypeOf", () => {
  it("believes the browser, and the name where the browser knows nothing", () => {
    expect(contentTypeOf({ name: "a.jpg", type: "image/jpeg" })).toBe("image/jpeg");
    expect(contentTypeOf({ name: "a.TIF", type: "" })).toBe("image/tiff");
    expect(contentTypeOf({ name: "a.HEIC", type: "" })).toBe("image/heic");
    expect(contentTypeOf({ name: "a.heif", type: "image/heif" })).toBe("image/heic");
    expect(contentTypeOf({ name: "a.CR3", type: "" })).toBe("image/x-canon-cr3");
    expect(contentTypeOf({ name: "a.raf", type: "application/octet-stream" })).toBe("image/x-fuji-raf");
    expect(contentTypeOf({ name: "a.nef", type: "image/x-nef" })).toBe("image/x-nikon-nef");
    expect(contentTypeOf({ name: "a.jpg", type: "text/html" })).toBeNull();
    expect(contentTypeOf({ name: "a.mov", type: "video/quicktime" })).toBeNull();
    expect(contentTypeOf({ name: "a", type: "" })).toBeNull();
  });
});

describe("isHidden", () => {
  it("leaves out what systems put into folders", () => {
    expect(isHidden("gala/.DS_Store")).toBe(true);
    expect(isHidden("__MACOSX/gala/a.jpg")).toBe(true);
    expect(isHidden("gala/._a.jpg")).toBe(true);
    expect(isHidden("gala/day.1/a.jpg")).toBe(false);
  });
});
