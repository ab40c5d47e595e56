/** The part of a camera's picture that the guide shows: upright, three to four, out of the middle. */
export interface Frame {
  left: number;
  top: number;
  width: number;
  height: number;
}

export const SHAPE = 3 / 4;
const LONGEST_SIDE = 1600;

export function frameOf(width: number, height: number): Frame {
  const framed = Math.min(width, height * SHAPE);
  const tall = framed / SHAPE;
  return { left: (width - framed) / 2, top: (height - tall) / 2, width: framed, height: tall };
}

/** The size that a picture is taken in: as the camera has it, within reason. */
export function takenSize(frame: Frame): { width: number; height: number } {
  const scale = Math.min(1, LONGEST_SIDE / frame.height);
  return { width: Math.round(frame.width * scale), height: Math.round(frame.height * scale) };
}
