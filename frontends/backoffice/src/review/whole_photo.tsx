import { Dialog, DialogContent } from "@acme/ui/dialog";
import type { Tag } from "./queries";

interface WholePhotoProps {
  tag: Tag;
  isOpen: boolean;
  onClose: () => void;
}

export function WholePhoto({ tag, isOpen, onClose }: WholePhotoProps) {
  const box = tag.face_box;
  return (
    <Dialog open={isOpen} onOpenChange={onClose}>
      <DialogContent title="The whole photo" className="sm:max-w-5xl">
        <div className="relative mx-auto w-fit">
          <img
            src={tag.photo_url ?? tag.thumbnail_url ?? ""}
            alt="All that was taken"
            className="max-h-[75dvh] w-auto"
          />
          {box && (
            <span
              aria-hidden
              className="absolute rounded border-3 border-yellow-300 shadow-[0_0_0_2px_rgb(0_0_0/0.6)]"
              style={{
                left: `${box.left * 100}%`,
                top: `${box.top * 100}%`,
                width: `${box.width * 100}%`,
                height: `${box.height * 100}%`,
              }}
            />
          )}
        </div>
      </DialogContent>
    </Dialog>
  );
}
