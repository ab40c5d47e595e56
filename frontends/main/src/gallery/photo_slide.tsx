import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { RenderSlideProps, SlideImage } from "yet-another-react-lightbox";
import { useServices } from "@/services";
import type { PhotoDetail } from "./api";
import { photoQuery } from "./queries";
import { shownWidth, sourcesOf } from "./screens";

/** Its `src` is the thumbnail, which is there at once. */
export interface PhotoSlide extends SlideImage {
  photoId: string;
  width: number;
  height: number;
}

interface PhotoSlideViewProps extends Pick<RenderSlideProps, "rect" | "zoom"> {
  slide: PhotoSlide;
  isFaceShown: boolean;
}

/** In the size and the format that this screen needs; the largest there is once it is zoomed into. */
export function PhotoSlideView({ slide, rect, zoom = 1, isFaceShown }: PhotoSlideViewProps) {
  const [wasZoomed, setZoomed] = useState(false);
  const [failed, setFailed] = useState<string>();
  // Its addresses are kept fresh while it is looked at.
  const { data: detail } = useQuery(photoQuery(useServices(), slide.photoId));
  const { width, height } = slide;
  const src = detail?.preview_url ?? slide.src;
  if (zoom > 1 && !wasZoomed) setZoomed(true);
  if (failed === src) return null;
  const sources = wasZoomed || failed ? [] : sourcesOf(detail?.screens ?? []);
  const face = isFaceShown && detail?.face_box;
  return (
    <div className="gallery-lightbox-room">
      <div
        className="relative"
        style={{
          width: `min(${width}px, 100cqw, 100cqh * ${width / height})`,
          aspectRatio: `${width} / ${height}`,
        }}
      >
        <picture>
          {sources.map(({ type, srcSet }) => (
            <source key={type} type={type} srcSet={srcSet} sizes={`${shownWidth(slide, rect)}px`} />
          ))}
          <img
            src={src}
            alt={slide.alt}
            draggable={false}
            className="yarl__slide_image size-full"
            // What no screen has is tried by the preview; what that has not, the thumbnail behind stands for.
            onError={() => setFailed(sources.length > 0 ? "screens" : src)}
          />
        </picture>
        {face && <FaceRing box={face} />}
      </div>
    </div>
  );
}

function FaceRing({ box }: { box: NonNullable<PhotoDetail["face_box"]> }) {
  return (
    <span
      aria-hidden
      data-testid="own-face"
      className="pointer-events-none absolute rounded-lg border-2 border-white/90 shadow-[0_0_0_1px_rgb(0_0_0/0.5)]"
      style={{
        left: `${box.left * 100}%`,
        top: `${box.top * 100}%`,
        width: `${box.width * 100}%`,
        height: `${box.height * 100}%`,
      }}
    />
  );
}
