import { Button } from "@acme/ui/button";
import { Dialog, DialogContent } from "@acme/ui/dialog";
import { Check, X } from "lucide-react";
import type { Decision } from "./desk";
import { FaceFrame } from "./face_crop";
import type { PhotoTag } from "./queries";

interface PhotoViewProps {
  tag: PhotoTag;
  decision: Decision | undefined;
  onDecide: (decision: Decision) => void;
  onClose: () => void;
}

/** The keys work here as well: the reviewer may go through all of them photo by photo. */
export function PhotoView({ tag, decision, onDecide, onClose }: PhotoViewProps) {
  const { name } = tag.candidate;
  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <DialogContent
        title={`Is this ${name}?`}
        description={decision ? `You have ${decision} it.` : `${tag.confidence.toFixed(1)} % sure`}
        className="w-fit sm:max-w-[92vw]"
        onOpenAutoFocus={(event) => {
          // On the dialog itself: on its button, Space would press that.
          event.preventDefault();
          if (event.currentTarget instanceof HTMLElement) event.currentTarget.focus();
        }}
      >
        {tag.photo_url ? (
          <div className="relative mx-auto w-fit">
            <img
              key={tag.photo_url}
              src={tag.photo_url}
              alt={`With the face that may be ${name}’s framed`}
              className="max-h-[65dvh] min-h-40 w-auto max-w-full rounded-md bg-muted"
            />
            {tag.face_box && <FaceFrame box={tag.face_box} />}
          </div>
        ) : (
          <p className="p-10 text-center text-sm text-muted-foreground">The photo is not ready yet.</p>
        )}
        <div className="grid grid-cols-2 gap-3">
          <Button look="secondary" size="lg" onClick={() => onDecide("rejected")}>
            <X aria-hidden /> No
          </Button>
          <Button size="lg" onClick={() => onDecide("confirmed")}>
            <Check aria-hidden /> Yes
          </Button>
        </div>
      </DialogContent>
    </Dialog>
  );
}
