import type { EventData } from "@acme/api/events";
import { CircleAlert, CircleCheck, CloudUpload, LoaderCircle } from "lucide-react";

const NUMBER = new Intl.NumberFormat("en");

/** The photos of the project that you may see, as the server counts them. */
export function LiveFigures({ progress }: { progress: EventData["project.progress"] }) {
  const { awaited, processing, ready, failed } = progress;
  const figures = [
    { icon: CloudUpload, count: awaited, text: "on their way" },
    { icon: LoaderCircle, count: processing, text: "being prepared" },
    { icon: CircleCheck, count: ready, text: "ready" },
    { icon: CircleAlert, count: failed, text: "failed" },
  ];
  return (
    <span className="flex flex-wrap gap-x-4 gap-y-1 text-sm" data-testid="live-figures">
      {figures
        .filter(({ count, text }) => count > 0 || text === "ready")
        .map(({ icon: Icon, count, text }) => (
          <span key={text} className="inline-flex items-center gap-1.5 tabular-nums">
            <Icon className="size-4" aria-hidden /> {NUMBER.format(count)} {text}
          </span>
        ))}
    </span>
  );
}
