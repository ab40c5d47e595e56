import { expect, test } from "vitest";
import { flatten, isExpired, keepAddresses } from "./addresses";
import type { Photo } from "./api";

const NOON = Date.UTC(2026, 5, 20, 12, 0, 0);

function photo(id: string, thumbnail_url = `https://photos.example/${id}`): Photo {
  return {
    id,
    thumbnail_url,
    width: 3,
    height: 2,
    thumbhash: null,
    focus: null,
    taken_at: null,
    unlocked: false,
    is_favourite: false,
  };
}

const signed = (id: string, date: string) =>
  photo(id, `https://photos.example/${id}?X-Amz-Date=${date}&X-Amz-Expires=900&X-Amz-Signature=1`);

test("an address expires as its signature says", () => {
  const { thumbnail_url } = signed("a", "20260620T115000Z");
  expect(isExpired(thumbnail_url, NOON)).toBe(false);
  expect(isExpired(thumbnail_url, NOON + 5 * 60_000)).toBe(true);
  expect(isExpired("https://photos.example/a", NOON)).toBe(false);
});

test("a known photo keeps its address, and takes over all else", () => {
  const known = { pages: [{ items: [photo("a")] }], pageParams: [null] };
  const [kept, added] = keepAddresses(known, [
    { ...photo("a", "https://new/a"), unlocked: true },
    photo("b"),
  ]);
  expect(kept).toMatchObject({ thumbnail_url: "https://photos.example/a", unlocked: true });
  expect(added?.id).toBe("b");
});

test("an address that has expired is not kept", () => {
  const known = { pages: [{ items: [signed("a", "20200101T000000Z")] }], pageParams: [null] };
  expect(keepAddresses(known, [photo("a", "https://new/a")])[0]?.thumbnail_url).toBe("https://new/a");
});

test("a photo that two pages hold is shown once", () => {
  const photos = flatten([{ items: [photo("a"), photo("b")] }, { items: [photo("b"), photo("c")] }]);
  expect(photos.map(({ id }) => id)).toEqual(["a", "b", "c"]);
});
