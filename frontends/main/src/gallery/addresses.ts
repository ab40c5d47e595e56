import type { InfiniteData } from "@tanstack/react-query";
import type { Page, Photo } from "./api";

/**
 * An answer may presign the thumbnails anew. A photo that is on the screen keeps its address, or such a reload of the
 * list would load all pictures again.
 */
export function keepAddresses(
  known: InfiniteData<Page<Photo>, unknown> | undefined,
  items: readonly Photo[],
): Photo[] {
  if (!known) return [...items];
  const addresses = new Map(
    known.pages.flatMap((page) => page.items.map((photo) => [photo.id, photo.thumbnail_url])),
  );
  return items.map((photo) => {
    const address = addresses.get(photo.id);
    return address && !isExpired(address) ? { ...photo, thumbnail_url: address } : photo;
  });
}

/** As its signature says; false for an address that does not tell. */
export function isExpired(address: string, now = Date.now()): boolean {
  const date = /[?&]X-Amz-Date=(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/.exec(address);
  const lifetime = /[?&]X-Amz-Expires=(\d+)/.exec(address);
  if (!date || !lifetime) return false;
  const [, year, month, day, hour, minute, second] = date.map(Number);
  const signedAt = Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second);
  return signedAt + Number(lifetime[1]) * 1000 <= now;
}

/** Pages that were loaded at different times may overlap where photos came in between. */
export function flatten(pages: readonly Page<Photo>[]): Photo[] {
  const photos = new Map<string, Photo>();
  for (const page of pages) {
    for (const photo of page.items) if (!photos.has(photo.id)) photos.set(photo.id, photo);
  }
  return [...photos.values()];
}
