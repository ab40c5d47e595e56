import { cn } from "@acme/ui/lib/cn";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useLayoutEffect, useMemo, useRef, useState } from "react";
import type { ProjectUpload } from "./project_upload";
import type { UploadState } from "./upload_item";
import { ROW_HEIGHT, UploadRow } from "./upload_row";

type Filter = "all" | "open" | "done" | "duplicate" | "failed";

const FILTERS: { name: Filter; label: string }[] = [
  { name: "all", label: "All" },
  { name: "open", label: "Under way" },
  { name: "done", label: "Uploaded" },
  { name: "duplicate", label: "Already there" },
  { name: "failed", label: "Failed" },
];
const OPEN: UploadState[] = ["sending", "completing", "announced", "hashed", "hashing", "waiting"];
const OVERSCAN = 8;

interface UploadListProps {
  projectId: string;
  upload: ProjectUpload;
  /** Changes when the files have: the queue itself stays the same object. */
  frame: number;
}

export function UploadList({ projectId, upload, frame }: UploadListProps) {
  const { queue } = upload;
  const [filter, setFilter] = useState<Filter>("all");
  // biome-ignore lint/correctness/useExhaustiveDependencies: the frame stands for what moved within the queue
  const idsBy = useMemo(() => idsByFilter(upload), [frame, upload]);
  const ids = idsBy[filter];
  return (
    <section aria-label="Files" className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <fieldset className="flex min-w-0 gap-2 overflow-x-auto py-1">
        <legend className="sr-only">Show</legend>
        {FILTERS.map(({ name, label }) => (
          <button
            key={name}
            type="button"
            aria-pressed={filter === name}
            onClick={() => setFilter(name)}
            className={cn(
              "min-h-10 shrink-0 rounded-full border px-4 text-sm tabular-nums",
              filter === name
                ? "border-primary bg-accent text-accent-foreground"
                : "bg-surface hover:bg-muted",
            )}
          >
            {label} {(idsBy[name]?.length ?? queue.items.length).toLocaleString("en")}
          </button>
        ))}
      </fieldset>
      <Rows projectId={projectId} upload={upload} ids={ids} />
    </section>
  );
}

/** Null: all files. What arrived and could not be used counts as failed. */
function idsByFilter({ queue, refusedIds }: ProjectUpload): Record<Filter, number[] | null> {
  const refused = new Set(refusedIds);
  const accepted = (states: UploadState[]) => queue.idsOf(states).filter((id) => !refused.has(id));
  return {
    all: null,
    open: queue.idsOf(OPEN),
    done: accepted(["done"]),
    duplicate: accepted(["duplicate"]),
    failed: [...queue.idsOf(["failed"]), ...refused],
  };
}

/** `ids` null: all files. */
function Rows({
  projectId,
  upload,
  ids,
}: {
  projectId: string;
  upload: ProjectUpload;
  ids: number[] | null;
}) {
  const { queue } = upload;
  const list = useRef<HTMLUListElement>(null);
  const [top, setTop] = useState(0);
  // What stands above the list may grow: notices, the progress.
  useLayoutEffect(() => {
    const now = (list.current?.getBoundingClientRect().top ?? 0) + scrollY;
    setTop((last) => (Math.abs(last - now) > 1 ? now : last));
  });
  const count = ids?.length ?? queue.items.length;
  const rows = useWindowVirtualizer({
    count,
    estimateSize: () => ROW_HEIGHT,
    overscan: OVERSCAN,
    scrollMargin: top,
  });
  if (count === 0)
    return <p className="rounded-lg border border-dashed p-8 text-center text-sm">No files here.</p>;
  return (
    <ul
      ref={list}
      className="relative overflow-hidden rounded-lg border bg-surface"
      style={{ height: rows.getTotalSize() + 2 }}
    >
      {rows.getVirtualItems().map(({ index, start }) => {
        const item = queue.items[ids?.[index] ?? index];
        return (
          item && (
            <li
              key={item.id}
              aria-setsize={count}
              aria-posinset={index + 1}
              className="absolute inset-x-0 border-b"
              style={{ height: ROW_HEIGHT, transform: `translateY(${start - top}px)` }}
            >
              <UploadRow projectId={projectId} item={item} upload={upload} />
            </li>
          )
        );
      })}
    </ul>
  );
}
