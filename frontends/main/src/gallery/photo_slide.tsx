import { useState } from "react";
import type { RenderSlideProps, SlideImage } from "yet-another-react-lightbox";
import type { PhotoDetail } from "./api";
import { type Source, shownWidth } from "./screens";

export interface PhotoSlide extends SlideImage {
  width: number;
  height: number;
  thumbnail: string;
  sources: Source[];
  /** Where it is to be pointed out. */
  face: PhotoDetail["face_box"];
}

interface PhotoSlideViewProps extends Pick<RenderSlideProps, "rect" | "zoom"> {
  slide: PhotoSlide;
}

/** In the size and the format that this screen needs; the largest there is once it is zoomed into. */
export function PhotoSlideView({ slide, rect, zoom = 1 }: PhotoSlideViewProps) {
  const [wasZoomed, setZoomed] = useState(false);
  const [failed, setFailed] = useState<string>();
  const { width, height, face } = slide;
  if (zoom > 1 && !wasZoomed) setZoomed(true);
  if (failed === slide.src) return null;
  const sources = wasZoomed || failed ? [] : slide.sources;
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
            src={slide.src}
            alt={slide.alt}
            draggable={false}
            className="yarl__slide_image size-full"
            // What no screen has is tried by the preview; what that has not, the thumbnail behind stands for.
            onError={() => setFailed(sources.length > 0 ? "screens" : slide.src)}
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
