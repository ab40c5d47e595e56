/** A face within the picture that the guide frames; all lengths are shares of its height and width. */
export interface SeenFace {
  left: number;
  top: number;
  width: number;
  height: number;
}

export interface Look {
  /** Null while no detector is there: then only the light is judged. */
  faces: readonly SeenFace[] | null;
  /** Mean luma of the picture, 0..255. */
  brightness: number;
}

export type Hint =
  | "searching"
  | "too_dark"
  | "too_bright"
  | "no_face"
  | "several_faces"
  | "too_far"
  | "too_close"
  | "off_centre"
  | "light_ok"
  | "good";

const DARKEST = 55;
const BRIGHTEST = 225;
const SMALLEST = 0.28;
const LARGEST = 0.78;
const CENTRE = { x: 0.5, y: 0.48 };
const FARTHEST = 0.16;

/** What is most in the way of a good selfie. The server's own gate has the last word. */
export function hintOf({ faces, brightness }: Look): Hint {
  if (brightness < DARKEST) return "too_dark";
  if (brightness > BRIGHTEST) return "too_bright";
  if (faces === null) return "light_ok";
  const [face, other] = [...faces].sort((one, two) => two.height - one.height);
  if (!face) return "no_face";
  if (other && other.height > face.height / 2) return "several_faces";
  if (face.height < SMALLEST) return "too_far";
  if (face.height > LARGEST) return "too_close";
  return isCentred(face) ? "good" : "off_centre";
}

/** The mean luma of RGBA pixels, as ITU-R BT.601 weighs the colours. */
export function brightnessOf(pixels: Uint8ClampedArray): number {
  let sum = 0;
  for (let at = 0; at < pixels.length; at += 4) {
    sum += 0.299 * (pixels[at] ?? 0) + 0.587 * (pixels[at + 1] ?? 0) + 0.114 * (pixels[at + 2] ?? 0);
  }
  return pixels.length === 0 ? 0 : sum / (pixels.length / 4);
}

function isCentred(face: SeenFace): boolean {
  const x = face.left + face.width / 2 - CENTRE.x;
  const y = face.top + face.height / 2 - CENTRE.y;
  return Math.hypot(x, y) <= FARTHEST;
}
