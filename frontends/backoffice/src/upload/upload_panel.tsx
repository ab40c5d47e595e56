import { Button } from "@acme/ui/button";
import { bytes, duration } from "@acme/ui/lib/format";
import { Progress } from "@acme/ui/progress";
import { Pause, Play, RefreshCw } from "lucide-react";
import { useEffect, useState } from "react";
import type { ProjectUpload } from "./project_upload";
import type { QueueSummary } from "./queue";

const NUMBER = new Intl.NumberFormat("en");
const TOLD_EVERY_MS = 10_000;

export function UploadPanel({ upload }: { upload: ProjectUpload }) {
  const { queue } = upload;
  const summary = queue.summary();
  const refused = upload.refusedIds.length;
  const { counts, bytesDone, total, status } = summary;
  const settled = counts.done + counts.duplicate + counts.failed;
  const share = summary.bytes === 0 ? 1 : bytesDone / summary.bytes;
  return (
    <section aria-label="Progress" className="grid gap-3 rounded-lg border bg-surface p-5 shadow-xs">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h2 className="font-semibold" data-testid="upload-status">
          {headline(summary, refused)}
        </h2>
        <div className="flex flex-wrap gap-2">
          {summary.retriable > 0 && (
            <Button look="secondary" onClick={() => queue.retryAll()}>
              <RefreshCw aria-hidden /> Try the failed again
            </Button>
          )}
          <PauseButton status={status} onPause={() => queue.pause()} onResume={() => queue.resume()} />
        </div>
      </div>
      <Progress value={share} label="All files" className="h-3" />
      <div className="flex min-h-6 flex-wrap justify-between gap-x-6 gap-y-1 text-sm text-muted-foreground tabular-nums">
        <span data-testid="upload-files">
          {NUMBER.format(settled)} of {NUMBER.format(total)} files · {size(bytesDone)} of{" "}
          {size(summary.bytes)}
        </span>
        <span>{pace(summary)}</span>
      </div>
      <Told text={`${headline(summary, refused)}. ${settled} of ${total} files.`} />
    </section>
  );
}

interface PauseButtonProps {
  status: QueueSummary["status"];
  onPause: () => void;
  onResume: () => void;
}

function PauseButton({ status, onPause, onResume }: PauseButtonProps) {
  if (status === "busy")
    return (
      <Button look="secondary" onClick={onPause}>
        <Pause aria-hidden /> Pause
      </Button>
    );
  if (status === "paused" || status === "signed-out" || status === "holding")
    return (
      <Button onClick={onResume}>
        <Play aria-hidden /> {status === "holding" ? "Try now" : "Go on"}
      </Button>
    );
  return null;
}

/** Screen readers are told now and then, not at every file. */
function Told({ text }: { text: string }) {
  const [told, setTold] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setTold(text), TOLD_EVERY_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <p role="status" className="sr-only">
      {told}
    </p>
  );
}

/** `refused`: how many arrived and could not be used. */
function headline({ status, counts, heldUntil }: QueueSummary, refused: number): string {
  switch (status) {
    case "paused":
      return "Paused";
    case "signed-out":
      return "You were signed out: sign in again in another tab, then go on";
    case "offline":
      return "You are offline: the upload goes on when you are back";
    case "holding": {
      const wait = Math.max(1, Math.ceil(((heldUntil ?? 0) - Date.now()) / 1000));
      return `The server does not answer: next try in ${duration(wait, "en")}`;
    }
    case "finished":
      return counts.failed + refused > 0
        ? `Finished, ${NUMBER.format(counts.failed + refused)} failed`
        : "All photos are uploaded";
    default:
      return counts.sending + counts.completing + counts.announced > 0 ? "Uploading" : "Checking your files";
  }
}

function pace({ rate, secondsLeft, status }: QueueSummary): string {
  if (status !== "busy" || rate === null || rate < 1) return "";
  const left = secondsLeft === null ? "" : ` · ${duration(secondsLeft, "en")} left`;
  return `${size(rate)}/s${left}`;
}

function size(count: number): string {
  return bytes(count, "en");
}
