import { Button } from "@acme/ui/button";
import { Dialog, DialogContent } from "@acme/ui/dialog";
import { dateTime } from "@acme/ui/lib/format";
import { Notice } from "@acme/ui/states";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { useAccount } from "@/services";
import type { ProjectPhoto } from "./photos_tab";
import { useProject } from "./project_page";

interface PhotoViewerProps {
  photos: ProjectPhoto[];
  openId: string | undefined;
  onOpen: (id: string | undefined) => void;
}

/** One photo, large; the arrow keys lead to its neighbours. */
export function PhotoViewer({ photos, openId, onOpen }: PhotoViewerProps) {
  const place = photos.findIndex(({ id }) => id === openId);
  const photo = photos[place];
  const facts = useFacts();
  if (!photo) return null;
  const step = (by: number) => {
    const next = photos[place + by];
    if (next) onOpen(next.id);
  };
  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && onOpen(undefined)}>
      <DialogContent
        title={photo.filename}
        description={facts(photo)}
        className="sm:max-w-5xl"
        onKeyDown={({ key }) => {
          if (key === "ArrowRight") step(1);
          if (key === "ArrowLeft") step(-1);
        }}
      >
        <Picture photo={photo} />
        <div className="flex items-center justify-between gap-3">
          <Button look="secondary" aria-disabled={place === 0} onClick={() => step(-1)}>
            <ChevronLeft aria-hidden /> Previous
          </Button>
          <span role="status" className="text-sm text-muted-foreground tabular-nums">
            {place + 1} of {photos.length}
          </span>
          <Button look="secondary" aria-disabled={place + 1 === photos.length} onClick={() => step(1)}>
            Next <ChevronRight aria-hidden />
          </Button>
        </div>
      </DialogContent>
    </Dialog>
  );
}

function Picture({ photo }: { photo: ProjectPhoto }) {
  if (!photo.preview_url) {
    return (
      <Notice tone={photo.status === "failed" ? "danger" : "neutral"}>
        {photo.failure_reason ?? "The photo is being prepared."}
      </Notice>
    );
  }
  return (
    <img
      key={photo.id}
      src={photo.preview_url}
      alt={photo.filename}
      width={photo.width ?? undefined}
      height={photo.height ?? undefined}
      className="mx-auto max-h-[65dvh] w-auto rounded-md bg-muted object-contain"
    />
  );
}

function useFacts(): (photo: ProjectPhoto) => string {
  const locale = useAccount().locale ?? "en";
  const zone = useProject().timezone ?? undefined;
  return ({ width, height, taken_at, uploaded_at }) =>
    [
      width && height && `${width} × ${height}`,
      taken_at && `taken ${dateTime(taken_at, locale, zone)}`,
      `added ${dateTime(uploaded_at, locale, zone)}`,
    ]
      .filter(Boolean)
      .join(" · ");
}
