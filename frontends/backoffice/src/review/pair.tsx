import { Badge } from "@acme/ui/badge";
import { ImageOff } from "lucide-react";
import type { Tag } from "./queries";

/** The face in the photo beside the guest's own. */
export function Pair({ tag, onPhoto }: { tag: Tag; onPhoto: () => void }) {
  return (
    <section aria-label="The match" className="mx-auto grid w-full max-w-3xl gap-4">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h2 className="text-xl font-semibold">{tag.candidate.name}</h2>
        <span className="flex gap-2">
          {tag.source === "manual" && <Badge>by hand</Badge>}
          <Badge tone="accent">{Math.round(tag.confidence)} % alike</Badge>
        </span>
      </div>
      <div className="grid grid-cols-2 gap-3 sm:gap-5">
        <figure className="grid gap-2">
          <button type="button" onClick={onPhoto} aria-label="The whole photo" className="block rounded-lg">
            <Face src={tag.face_url ?? tag.thumbnail_url} alt="The face in the photo" />
          </button>
          <figcaption className="text-center text-sm text-muted-foreground">In the photo</figcaption>
        </figure>
        <figure className="grid gap-2">
          <Face src={tag.candidate.selfie_url} alt={`The selfie of ${tag.candidate.name}`} />
          <figcaption className="text-center text-sm text-muted-foreground">Selfie</figcaption>
        </figure>
      </div>
    </section>
  );
}

function Face({ src, alt }: { src: string | null; alt: string }) {
  const shape = "aspect-square w-full rounded-lg bg-muted object-cover";
  if (src) return <img src={src} alt={alt} className={shape} />;
  return (
    <span className={`${shape} grid place-items-center text-muted-foreground`}>
      <ImageOff className="size-8" aria-hidden />
      <span className="sr-only">{alt}: there is none</span>
    </span>
  );
}
