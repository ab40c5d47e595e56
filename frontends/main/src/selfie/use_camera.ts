import { type RefObject, useEffect, useState } from "react";

export type CameraState = "starting" | "running" | "denied" | "missing";

const WISH: MediaStreamConstraints = {
  audio: false,
  video: { facingMode: "user", width: { ideal: 1920 }, height: { ideal: 1440 } },
};

/** The front camera in the video element, for as long as the component is there. */
export function useCamera(video: RefObject<HTMLVideoElement | null>): CameraState {
  const [state, setState] = useState<CameraState>("starting");
  useEffect(() => {
    let isGone = false;
    let stream: MediaStream | undefined;
    async function start(): Promise<void> {
      stream = await open();
      const element = video.current;
      if (isGone || !element) return stop(stream);
      element.srcObject = stream;
      await element.play();
      setState("running");
    }
    start().catch((error: unknown) => {
      if (!isGone) setState(isDenied(error) ? "denied" : "missing");
    });
    return () => {
      isGone = true;
      if (stream) stop(stream);
    };
  }, [video]);
  return state;
}

function open(): Promise<MediaStream> {
  if (!navigator.mediaDevices) return Promise.reject(new Error("no camera API: the page is not secure"));
  return navigator.mediaDevices.getUserMedia(WISH);
}

function stop(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

function isDenied(error: unknown): boolean {
  return error instanceof DOMException && error.name === "NotAllowedError";
}
