import { Button } from "@acme/ui/button";
import { Dialog, DialogContent } from "@acme/ui/dialog";
import { dateTime } from "@acme/ui/lib/format";
import { Notice } from "@acme/ui/states";
import { Switch } from "@acme/ui/switch";
import { useQuery } from "@tanstack/react-query";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useAccount, useServices } from "@/services";
import { type Face, FaceFrames, FaceList } from "./photo_faces";
import type { ProjectPhoto } from "./photos_tab";
import { useProject } from "./project_page";
import { facesQuery } from "./queries";

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
        <Faces photo={photo} />
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

/** The photo, and who is in it as far as is known. */
function Faces({ photo }: { photo: ProjectPhoto }) {
  const [areShown, setShown] = useState(true);
  const isLooked = photo.preview_url !== null && photo.recognition_state === "done";
  const { data } = useQuery({
    ...facesQuery(useServices(), photo.project_id, photo.id),
    enabled: isLooked,
  });
  const faces: Face[] = data?.items ?? [];
  const looks = { projectId: photo.project_id, faces };
  return (
    <>
      <Picture photo={photo}>{areShown && <FaceFrames {...looks} />}</Picture>
      {isLooked && data && (
        <section aria-label="Faces" className="grid gap-2">
          {faces.length > 0 && (
            <Switch
              label="Frame the faces"
              className="justify-start"
              checked={areShown}
              onCheckedChange={setShown}
            />
          )}
          <FaceList {...looks} />
        </section>
      )}
    </>
  );
}

function Picture({ photo, children }: { photo: ProjectPhoto; children: ReactNode }) {
  if (!photo.preview_url) {
    return (
      <Notice tone={photo.status === "failed" ? "danger" : "neutral"}>
        {photo.failure_reason ?? "The photo is being prepared."}
      </Notice>
    );
  }
  return (
    <div className="relative mx-auto w-fit">
      <img
        key={photo.id}
        src={photo.preview_url}
        alt={photo.filename}
        width={photo.width ?? undefined}
        height={photo.height ?? undefined}
        className="max-h-[55dvh] w-auto max-w-full rounded-md bg-muted"
      />
      {children}
    </div>
  );
}

function useFacts(): (photo: ProjectPhoto) => string {
  const locale = useAccount().locale ?? "en";
  const zone = useProject().timezone ?? undefined;
  return ({ width, height, taken_at, uploaded_at, camera, lens, serial_number }) =>
    [
      width && height && `${width} × ${height}`,
      taken_at && `taken ${dateTime(taken_at, locale, zone)}`,
      `added ${dateTime(uploaded_at, locale, zone)}`,
      camera,
      lens,
      serial_number && `No. ${serial_number}`,
    ]
      .filter(Boolean)
      .join(" · ");
}
