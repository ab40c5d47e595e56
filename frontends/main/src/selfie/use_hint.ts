import { type RefObject, useEffect, useState } from "react";
import { type Detector, loadDetector } from "./detector";
import { frameOf, SHAPE } from "./framing";
import { brightnessOf, type Hint, hintOf } from "./hints";

const LOOK_HEIGHT = 320;
const PAUSE_MS = 200;

/** Looks at the running camera a few times a second. Nothing of it leaves the page. */
export function useHint(video: RefObject<HTMLVideoElement | null>, isRunning: boolean): Hint {
  const [hint, setHint] = useState<Hint>("searching");
  useEffect(() => {
    if (!isRunning) return;
    let isGone = false;
    const canvas = Object.assign(document.createElement("canvas"), {
      width: LOOK_HEIGHT * SHAPE,
      height: LOOK_HEIGHT,
    });
    async function keepLooking(): Promise<void> {
      const detector = loadDetector().catch(() => null);
      let loaded: Detector | null = null;
      void detector.then((found) => {
        loaded = found;
      });
      while (!isGone) {
        if (video.current) setHint(await look(video.current, canvas, loaded));
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
    }
    void keepLooking();
    return () => {
      isGone = true;
    };
  }, [video, isRunning]);
  return hint;
}

async function look(
  video: HTMLVideoElement,
  canvas: HTMLCanvasElement,
  detector: Detector | null,
): Promise<Hint> {
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context || video.videoWidth === 0) return "searching";
  const frame = frameOf(video.videoWidth, video.videoHeight);
  context.drawImage(
    video,
    frame.left,
    frame.top,
    frame.width,
    frame.height,
    0,
    0,
    canvas.width,
    canvas.height,
  );
  const brightness = brightnessOf(context.getImageData(0, 0, canvas.width, canvas.height).data);
  const faces = (await detector?.find(canvas).catch(() => null)) ?? null;
  return hintOf({ faces, brightness });
}
