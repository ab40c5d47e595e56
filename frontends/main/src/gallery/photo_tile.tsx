import { cn } from "@acme/ui/lib/cn";
import { Heart, LockOpen } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Photo } from "./api";
import { Thumbnail } from "./thumbnail";

export interface PhotoTileProps {
  photo: Photo;
  index: number;
  onOpen: (photo: Photo) => void;
  onFavourite: (photo: Photo) => void;
}

export function PhotoTile({ photo, index, onOpen, onFavourite }: PhotoTileProps) {
  const { t } = useTranslation();
  const isFavourite = photo.is_favourite ?? false;
  const label = t(photo.unlocked ? "gallery.open_unlocked" : "gallery.open_photo", { number: index + 1 });
  return (
    <div className="group relative size-full">
      <button
        type="button"
        aria-label={label}
        className="block size-full cursor-zoom-in -outline-offset-2"
        onClick={() => onOpen(photo)}
      >
        <Thumbnail photo={photo} />
      </button>
      {photo.unlocked && (
        <Mark className="bottom-2 left-2">
          <LockOpen className="size-3.5" aria-hidden />
        </Mark>
      )}
      <button
        type="button"
        aria-pressed={isFavourite}
        aria-label={t("gallery.favourite_number", { number: index + 1 })}
        onClick={() => onFavourite(photo)}
        className={cn(
          "absolute top-0 right-0 grid size-10 place-items-center text-white drop-shadow-[0_1px_2px_rgb(0_0_0/0.8)] transition-opacity -outline-offset-4",
          !isFavourite && "opacity-0 group-hover:opacity-100 focus-visible:opacity-100 max-sm:hidden",
        )}
      >
        <Heart className={cn("size-5", isFavourite && "fill-current")} aria-hidden />
      </button>
    </div>
  );
}

function Mark({ className, children }: { className: string; children: ReactNode }) {
  return (
    <span
      className={cn(
        "pointer-events-none absolute grid size-6 place-items-center rounded-full bg-black/60 text-white",
        className,
      )}
    >
      {children}
    </span>
  );
}
