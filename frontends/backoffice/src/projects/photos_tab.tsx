import { answer, type Schemas } from "@acme/api/backoffice";
import { Badge } from "@acme/ui/badge";
import { Button } from "@acme/ui/button";
import { Confirm } from "@acme/ui/confirm";
import { Select } from "@acme/ui/input";
import { Photo } from "@acme/ui/photo";
import { Empty } from "@acme/ui/states";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Images, Trash2 } from "lucide-react";
import { useCallback, useState } from "react";
import { Link } from "react-router";
import { useServices } from "@/services";
import { Listed } from "@/shell/loaded";
import { useChange } from "@/shell/use_change";
import { LiveFigures } from "@/upload/live_figures";
import { useGridRows } from "@/upload/use_grid_rows";
import { PhotoViewer } from "./photo_viewer";
import { useProject } from "./project_page";
import { type PhotoStatus, photosQuery, projectKeys } from "./queries";
import { useLivePhotos } from "./use_live_photos";

export type ProjectPhoto = Schemas["PhotoOut"];

const STATUSES: [PhotoStatus | "", string][] = [
  ["", "All photos"],
  ["ready", "Ready"],
  ["processing", "Being prepared"],
  ["failed", "Failed"],
];

export function Component() {
  const project = useProject();
  const [status, setStatus] = useState<PhotoStatus | "">("");
  const photos = useInfiniteQuery(photosQuery(useServices(), project.id, status || null));
  const progress = useLivePhotos(project.id);
  const { hasNextPage, isFetching, fetchNextPage } = photos;
  const loadMore = useCallback(() => {
    if (hasNextPage && !isFetching) void fetchNextPage();
  }, [hasNextPage, isFetching, fetchNextPage]);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <Select
          aria-label="Which photos"
          className="max-w-56"
          value={status}
          onChange={({ target }) => setStatus(STATUSES.find(([value]) => value === target.value)?.[0] ?? "")}
        >
          {STATUSES.map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </Select>
        {progress && <LiveFigures progress={progress} />}
        <Button asChild look="secondary">
          <Link to={`/projects/${project.id}/photos/near-duplicates`}>Near duplicates</Link>
        </Button>
      </div>
      <Listed
        query={photos}
        what="The photos"
        empty={
          <Empty
            icon={Images}
            title="No photos here"
            action={
              <Button asChild look="secondary">
                <Link to="../photographers">To the photographers</Link>
              </Button>
            }
          >
            Photographers upload them once they are assigned to the project.
          </Empty>
        }
      >
        {(items) => <Grid photos={items} onEnd={loadMore} />}
      </Listed>
    </div>
  );
}

function Grid({ photos, onEnd }: { photos: ProjectPhoto[]; onEnd: () => void }) {
  const { ref, columns, rows, top, size } = useGridRows(photos.length, onEnd);
  const [openId, setOpenId] = useState<string>();
  return (
    <>
      <PhotoViewer photos={photos} openId={openId} onOpen={setOpenId} />
      <ul ref={ref} className="relative" style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().flatMap(({ index, start }) =>
          photos.slice(index * columns, (index + 1) * columns).map((photo, column) => (
            <li
              key={photo.id}
              className="absolute p-1"
              style={{ width: size, height: size, left: column * size, top: start - top }}
            >
              <PhotoTile photo={photo} onOpen={() => setOpenId(photo.id)} />
            </li>
          )),
        )}
      </ul>
    </>
  );
}

export function PhotoTile({ photo, onOpen }: { photo: ProjectPhoto; onOpen: () => void }) {
  const isFailed = photo.status === "failed";
  return (
    <figure className="group relative size-full overflow-hidden rounded-md bg-muted" title={photo.filename}>
      <button
        type="button"
        aria-label={photo.filename}
        className="block size-full cursor-zoom-in -outline-offset-2"
        onClick={onOpen}
      >
        <Photo
          src={photo.thumbnail_url ?? undefined}
          alt=""
          thumbhash={photo.thumbhash}
          crop={{ photo, frame: 1 }}
        />
      </button>
      {photo.status !== "ready" && (
        <figcaption className="pointer-events-none absolute inset-x-1 bottom-1 grid gap-1 text-xs">
          <Badge tone={isFailed ? "danger" : "neutral"} className="justify-self-start">
            {isFailed ? "Failed" : "Being prepared"}
          </Badge>
          {isFailed && <span className="rounded bg-surface px-1">{photo.failure_reason}</span>}
        </figcaption>
      )}
      <Deletion photo={photo} />
    </figure>
  );
}

function Deletion({ photo }: { photo: ProjectPhoto }) {
  const { backoffice } = useServices();
  const deletion = useChange({
    run: () =>
      answer(backoffice.DELETE("/v1/photos/{photo_id}", { params: { path: { photo_id: photo.id } } })),
    changes: [projectKeys.one(photo.project_id)],
    done: `${photo.filename} is deleted`,
  });
  return (
    <Confirm
      trigger={
        <Button
          look="ghost"
          size="icon"
          aria-label={`Delete ${photo.filename}`}
          isBusy={deletion.isPending}
          className="absolute top-0 right-0 rounded-none rounded-bl-md bg-black/55 text-white opacity-0 hover:bg-black/80 group-hover:opacity-100 focus-visible:opacity-100 max-lg:opacity-100"
        >
          <Trash2 aria-hidden />
        </Button>
      }
      title={`Delete ${photo.filename}?`}
      description="It leaves every guest's gallery at once, and its files are removed. This cannot be undone."
      confirmLabel="Delete the photo"
      cancelLabel="Keep it"
      onConfirm={() => deletion.mutate()}
    />
  );
}
