import type { PhotoDetail } from "./api";

export interface Source {
  type: string;
  srcSet: string;
}

/** For `<picture>`: a browser takes the first type that it can read, so the one that everything reads is last. */
export function sourcesOf(screens: PhotoDetail["screens"]): Source[] {
  const types = [...new Set(screens.map((screen) => screen.content_type))];
  return types.sort(jpegLast).map((type) => ({ type, srcSet: srcSetOf(screens, type) }));
}

function srcSetOf(screens: PhotoDetail["screens"], type: string): string {
  return screens
    .filter((screen) => screen.content_type === type)
    .map(({ url, width }) => `${url} ${width}w`)
    .join(", ");
}

function jpegLast(left: string, right: string): number {
  return Number(left === "image/jpeg") - Number(right === "image/jpeg");
}

const PREVIEW_SIDE = 2048;

/** What can be zoomed into: the photo itself once it is bought, its preview before. */
export function largestOf({ width, height, unlocked }: Pick<PhotoDetail, "width" | "height" | "unlocked">) {
  const scale = unlocked ? 1 : Math.min(1, PREVIEW_SIDE / Math.max(width, height));
  return { width: Math.round(width * scale), height: Math.round(height * scale) };
}

/** How wide a picture is when all of it is shown; never enlarged. */
export function shownWidth(picture: Size, room: Size): number {
  return Math.round(Math.min(picture.width, room.width, (room.height * picture.width) / picture.height));
}

interface Size {
  width: number;
  height: number;
}
