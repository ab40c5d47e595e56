/** As far as a crop has to know a photo. */
export interface Croppable {
  width?: number | null;
  height?: number | null;
  focus?: { x: number; y: number } | null;
}

/**
 * For `object-position` of a photo that covers a frame (its width by its height): the focus comes as near to the
 * frame's middle as the photo's edges let it. Null where nothing is known, and the middle will do.
 */
export function cropPosition({ width, height, focus }: Croppable, frame: number): string | null {
  if (!focus || !width || !height) return null;
  const shape = width / height / frame;
  const across = along(focus.x, Math.min(1, 1 / shape));
  const down = along(focus.y, Math.min(1, shape));
  return `${across}% ${down}%`;
}

/** Of the part that is seen, 0..1 of a side: how much of what is cut off lies before it. */
function along(focus: number, seen: number): number {
  if (seen === 1) return 50;
  const start = Math.min(1 - seen, Math.max(0, focus - seen / 2));
  return Math.round((start / (1 - seen)) * 1000) / 10;
}
