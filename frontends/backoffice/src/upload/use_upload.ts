import { useEffect, useState } from "react";
import { type Services, useAccount, useServices } from "@/services";
import { ProjectUpload } from "./project_upload";

const uploads = new WeakMap<Services, Map<string, ProjectUpload>>();

/** The same for each visit to the screen, as long as the same person is signed in. */
export function useUpload(projectId: string): ProjectUpload {
  const services = useServices();
  const { id } = useAccount();
  const ofApp = uploads.get(services) ?? new Map<string, ProjectUpload>();
  uploads.set(services, ofApp);
  const key = `${id}/${projectId}`;
  const upload = ofApp.get(key) ?? new ProjectUpload(services, projectId);
  ofApp.set(key, upload);
  return upload;
}

/**
 * A number that changes when something has moved, at most once a frame: thousands of files move more often than
 * a screen can show. While bytes flow it changes each second too, or a stalled upload would show its old speed.
 */
export function useFrames(upload: ProjectUpload): number {
  const [frame, setFrame] = useState(0);
  useEffect(() => {
    let scheduled: number | null = null;
    const show = () => {
      scheduled = null;
      setFrame((last) => last + 1);
    };
    const schedule = () => {
      scheduled ??= requestAnimationFrame(show);
    };
    const leave = upload.subscribe(schedule);
    const ticking = setInterval(() => upload.queue.isBusy && schedule(), 1000);
    schedule();
    return () => {
      leave();
      clearInterval(ticking);
      if (scheduled !== null) cancelAnimationFrame(scheduled);
    };
  }, [upload]);
  return frame;
}
