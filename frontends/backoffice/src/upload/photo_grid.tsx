import { Button } from "@acme/ui/button";
import { cn } from "@acme/ui/lib/cn";
import { Photo as Picture } from "@acme/ui/photo";
import { Empty, Failure, Skeleton } from "@acme/ui/states";
import { useInfiniteQuery } from "@tanstack/react-query";
import { CircleAlert, Images, LoaderCircle } from "lucide-react";
import { useMemo, useState } from "react";
import { useServices } from "@/services";
import { problemText } from "@/shell/problem_text";
import { failureText } from "./failure_text";
import { PhotoDialog } from "./photo_dialog";
import { type Photo, type PhotoStatus, photos } from "./queries";
import { useGridRows } from "./use_grid_rows";

const STATUSES: { status: PhotoStatus | null; label: string }[] = [
  { status: null, label: "All" },
  { status: "processing", label: "Being prepared" },
  { status: "ready", label: "Ready" },
  { status: "failed", label: "Failed" },
];

interface PhotoGridProps {
  projectId: string;
  onUpload: () => void;
}

export function PhotoGrid({ projectId, onUpload }: PhotoGridProps) {
  const [status, setStatus] = useState<PhotoStatus | null>(null);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <fieldset className="flex min-w-0 gap-2 overflow-x-auto py-1">
        <legend className="sr-only">Photos by their state</legend>
        {STATUSES.map((each) => (
          <button
            key={each.label}
            type="button"
            aria-pressed={status === each.status}
            onClick={() => setStatus(each.status)}
            className={cn(
              "min-h-10 shrink-0 rounded-full border px-4 text-sm",
              status === each.status
                ? "border-primary bg-accent text-accent-foreground"
                : "bg-surface hover:bg-muted",
            )}
          >
            {each.label}
          </button>
        ))}
      </fieldset>
      <Found key={status} projectId={projectId} status={status} onUpload={onUpload} />
    </div>
  );
}

function Found({ projectId, status, onUpload }: PhotoGridProps & { status: PhotoStatus | null }) {
  const found = useInfiniteQuery(photos(useServices(), projectId, status));
  const all = useMemo(() => found.data?.pages.flatMap((page) => page.items) ?? [], [found.data]);
  if (found.isPending) return <Waiting />;
  if (found.isError && all.length === 0)
    return (
      <Failure title="The photos cannot be shown" onRetry={() => void found.refetch()}>
        {problemText(found.error)}
      </Failure>
    );
  if (all.length === 0) return <Nothing status={status} onUpload={onUpload} />;
  return (
    <Grid
      projectId={projectId}
      photos={all}
      onEnd={() => {
        if (found.hasNextPage && !found.isFetching) void found.fetchNextPage();
      }}
    />
  );
}

function Grid({ projectId, photos: all, onEnd }: { projectId: string; photos: Photo[]; onEnd: () => void }) {
  const [openId, setOpenId] = useState<string | null>(null);
  const { ref, columns, rows, top, size } = useGridRows(all.length, onEnd);
  const open = all.find((each) => each.id === openId);
  return (
    <>
      <ul ref={ref} className="relative" style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().flatMap(({ index, start }) =>
          all.slice(index * columns, (index + 1) * columns).map((each, column) => (
            <li
              key={each.id}
              aria-setsize={-1}
              aria-posinset={index * columns + column + 1}
              className="absolute p-1"
              style={{
                width: size,
                height: size,
                transform: `translate(${column * size}px, ${start - top}px)`,
              }}
            >
              <Tile photo={each} onOpen={() => setOpenId(each.id)} />
            </li>
          )),
        )}
      </ul>
      {open && <PhotoDialog projectId={projectId} photo={open} onClose={() => setOpenId(null)} />}
    </>
  );
}

function Tile({ photo, onOpen }: { photo: Photo; onOpen: () => void }) {
  return (
    <button
      type="button"
      onClick={onOpen}
      aria-label={described(photo)}
      className="group relative block size-full overflow-hidden rounded-md bg-muted"
    >
      {photo.status === "failed" ? (
        <span className="grid h-full place-content-center justify-items-center gap-2 p-2 text-xs text-danger">
          <CircleAlert className="size-6" aria-hidden />
          {failureText({ code: photo.failure_code ?? "" })}
        </span>
      ) : (
        <Picture
          alt=""
          src={photo.thumbnail_url ?? undefined}
          thumbhash={photo.thumbhash}
          crop={{ photo, frame: 1 }}
        />
      )}
      {photo.status === "processing" && (
        <span className="absolute inset-0 grid place-content-center justify-items-center gap-2 text-xs text-foreground">
          <LoaderCircle className="size-6 animate-spin" aria-hidden />
          {photo.upload_state === "issued" ? "On its way" : "Being prepared"}
        </span>
      )}
      <span className="absolute inset-x-0 bottom-0 truncate bg-black/70 px-2 py-1 text-left text-xs text-white opacity-0 transition-opacity group-hover:opacity-100 group-focus-visible:opacity-100">
        {photo.filename}
      </span>
    </button>
  );
}

function Nothing({ status, onUpload }: { status: PhotoStatus | null; onUpload: () => void }) {
  if (status === "failed") return <Empty icon={Images} title="No photo has failed" />;
  if (status === "processing") return <Empty icon={Images} title="No photo is being prepared now" />;
  return (
    <Empty icon={Images} title="No photos yet" action={<Button onClick={onUpload}>Upload photos</Button>}>
      What you upload appears here as soon as it has arrived.
    </Empty>
  );
}

function Waiting() {
  return (
    <div
      role="status"
      aria-label="Loading the photos"
      className="grid grid-cols-[repeat(auto-fill,minmax(9rem,1fr))] gap-2"
    >
      {Array.from({ length: 12 }, (_, place) => place).map((place) => (
        <Skeleton key={place} className="aspect-square" />
      ))}
    </div>
  );
}

/** What can be read on the tile is in its name. */
function described({ filename, status, failure_code }: Photo): string {
  if (status === "failed") return `${filename}: ${failureText({ code: failure_code ?? "" })}`;
  return status === "ready" ? filename : `${filename}: being prepared`;
}
