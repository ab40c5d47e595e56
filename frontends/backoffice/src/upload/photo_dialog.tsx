import { Button } from "@acme/ui/button";
import { Confirm } from "@acme/ui/confirm";
import { Dialog, DialogContent, DialogFooter } from "@acme/ui/dialog";
import { bytes, dateTime } from "@acme/ui/lib/format";
import { Notice } from "@acme/ui/states";
import { RefreshCw, Trash2 } from "lucide-react";
import { failureText } from "./failure_text";
import { useDeletePhoto, useRetryPhoto } from "./mutations";
import type { Photo } from "./queries";

interface PhotoDialogProps {
  projectId: string;
  photo: Photo;
  onClose: () => void;
}

export function PhotoDialog({ projectId, photo, onClose }: PhotoDialogProps) {
  const retry = useRetryPhoto(projectId);
  const remove = useDeletePhoto(projectId);
  const canRetry = photo.status === "failed" && photo.upload_state === "verified";
  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <DialogContent title={photo.filename} description={described(photo)} className="sm:max-w-3xl">
        {photo.preview_url && photo.status !== "failed" ? (
          <img
            src={photo.preview_url}
            alt={photo.filename}
            width={photo.width ?? undefined}
            height={photo.height ?? undefined}
            className="mx-auto max-h-[60dvh] w-auto rounded-md bg-muted object-contain"
          />
        ) : (
          <Notice tone={photo.status === "failed" ? "danger" : "neutral"}>{explained(photo)}</Notice>
        )}
        <DialogFooter>
          <Confirm
            trigger={
              <Button look="secondary" isBusy={remove.isPending}>
                <Trash2 aria-hidden /> Delete
              </Button>
            }
            title="Delete this photo?"
            description="It disappears for the guests as well, at once and for good."
            confirmLabel="Delete the photo"
            cancelLabel="Keep it"
            onConfirm={() => remove.mutate(photo.id, { onSuccess: onClose })}
          />
          {canRetry && (
            <Button isBusy={retry.isPending} onClick={() => retry.mutate(photo.id, { onSuccess: onClose })}>
              <RefreshCw aria-hidden /> Try again
            </Button>
          )}
        </DialogFooter>
      </DialogContent>
    </Dialog>
  );
}

function described({ width, height, size_bytes, uploaded_at, taken_at, ...made }: Photo): string {
  return [
    width && height && `${width} × ${height}`,
    bytes(size_bytes, "en"),
    taken_at && `taken ${dateTime(taken_at, "en")}`,
    `added ${dateTime(uploaded_at, "en")}`,
    made.camera,
    made.lens,
    made.serial_number && `No. ${made.serial_number}`,
  ]
    .filter(Boolean)
    .join(" · ");
}

function explained(photo: Photo): string {
  if (photo.status === "failed") return failureText({ code: photo.failure_code ?? "" });
  return photo.upload_state === "issued" ? "The file is on its way." : "The photo is being prepared.";
}
