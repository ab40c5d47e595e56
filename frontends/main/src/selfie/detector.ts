import type { SeenFace } from "./hints";

export interface Detector {
  /** Faces in the canvas. */
  find(picture: HTMLCanvasElement): Promise<SeenFace[]>;
}

const INPUT_SIZE = 160;
const SURE = 0.45;

/**
 * A small network that runs in this browser only; it is large to load, and the camera does not wait for it.
 * Its two model files lie beside the app.
 */
export async function loadDetector(): Promise<Detector> {
  const faces = await import("@vladmandic/face-api");
  await startBackend(faces.tf as unknown as Backends);
  await faces.nets.tinyFaceDetector.loadFromUri("/models");
  const options = new faces.TinyFaceDetectorOptions({ inputSize: INPUT_SIZE, scoreThreshold: SURE });
  return {
    async find(picture) {
      const found = await faces.detectAllFaces(picture, options);
      return found.map(({ relativeBox: box }) => ({
        left: box.x,
        top: box.y,
        width: box.width,
        height: box.height,
      }));
    },
  };
}

/** What we use of TensorFlow.js, whose types do not come with the bundle. */
interface Backends {
  setBackend(name: string): Promise<boolean>;
}

/** Its own choice, WebAssembly, needs files that the bundle has not. */
async function startBackend(backends: Backends): Promise<void> {
  for (const name of ["webgl", "cpu"]) {
    if (await backends.setBackend(name).catch(() => false)) return;
  }
  throw new Error("no backend for the face detector");
}
