import "yet-another-react-lightbox/styles.css";
import "./lightbox.css";
import { useQueries } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import YetAnotherLightbox, {
  type RenderSlideContainerProps,
  type RenderSlideProps,
} from "yet-another-react-lightbox";
import Zoom from "yet-another-react-lightbox/plugins/zoom";
import { useServices } from "@/services";
import type { Photo } from "./api";
import { HideMe } from "./hide_me";
import { LightboxActions } from "./lightbox_actions";
import { NotMe } from "./not_me";
import { type PhotoSlide, PhotoSlideView } from "./photo_slide";
import { photoQuery } from "./queries";
import { largestOf, sourcesOf } from "./screens";

const SLIDES_AHEAD = 10;

export interface LightboxProps {
  photos: readonly Photo[];
  index: number;
  /** Of all photos, also of those that are not loaded yet. */
  total: number;
  projectId: string;
  onIndex: (index: number) => void;
  onFavourite: (photo: Photo) => void;
  onClose: () => void;
  onEndNear: () => void;
}

/** Its own chunk: loaded when the first photo is opened. */
export default function Lightbox(props: LightboxProps) {
  const { photos, index, total, projectId, onIndex, onFavourite, onClose, onEndNear } = props;
  const { t } = useTranslation();
  const [isFaceShown, setFaceShown] = useState(false);
  const { slides, hasFace } = useSlides(photos, index, isFaceShown);
  const photo = photos[index];
  const [isAsking, setAsking] = useState(false);
  const [isHiding, setHiding] = useState(false);
  const view = (next: number) => {
    if (next !== index) onIndex(next);
    if (next >= photos.length - SLIDES_AHEAD) onEndNear();
  };
  return (
    <>
      <YetAnotherLightbox
        open
        close={onClose}
        index={index}
        slides={slides}
        plugins={[Zoom]}
        on={{ view: (current) => view(current.index) }}
        carousel={{ finite: true, padding: 0, spacing: "5%", preload: 1 }}
        animation={{ fade: 200, swipe: 250 }}
        controller={{ closeOnPullDown: true }}
        zoom={{ maxZoomPixelRatio: 2, scrollToZoom: true }}
        portal={{ container: { className: "gallery-lightbox" } }}
        labels={{
          Previous: t("gallery.lightbox.previous"),
          Next: t("gallery.lightbox.next"),
          Close: t("actions.close"),
          Lightbox: t("gallery.lightbox.label"),
          "Photo gallery": t("gallery.photos"),
          "Zoom in": t("gallery.lightbox.zoom_in"),
          "Zoom out": t("gallery.lightbox.zoom_out"),
        }}
        render={{
          slideContainer: Underlaid,
          slide: Shown,
          controls: () =>
            photo && (
              <LightboxActions
                photo={photo}
                projectId={projectId}
                position={t("gallery.lightbox.position", { number: index + 1, total })}
                face={hasFace ? isFaceShown : null}
                onFace={() => setFaceShown(!isFaceShown)}
                onFavourite={() => onFavourite(photo)}
                onNotMe={() => setAsking(true)}
                onHide={() => setHiding(true)}
              />
            ),
        }}
      />
      {photo && <NotMe photo={photo} projectId={projectId} open={isAsking} onOpenChange={setAsking} />}
      {photo && <HideMe photo={photo} hasFace={hasFace} open={isHiding} onOpenChange={setHiding} />}
    </>
  );
}

/** The thumbnail is there at once; the large picture comes over it. */
function Underlaid({ slide, children }: RenderSlideContainerProps) {
  return (
    <>
      {"thumbnail" in slide && typeof slide.thumbnail === "string" && (
        <img src={slide.thumbnail} alt="" className="gallery-lightbox-thumbnail" />
      )}
      {children}
    </>
  );
}

function Shown({ slide, rect, zoom }: RenderSlideProps) {
  // All slides are ours; the library's own type does not know what they carry.
  return <PhotoSlideView slide={slide as PhotoSlide} rect={rect} zoom={zoom} />;
}

/** The large pictures of the one that is shown and of its neighbours; their addresses are kept fresh. */
function useSlides(photos: readonly Photo[], index: number, isFaceShown: boolean) {
  const { t } = useTranslation();
  const services = useServices();
  const near = photos.slice(Math.max(0, index - 1), index + 2);
  const details = useQueries({
    queries: near.map((photo) => photoQuery(services, photo.id)),
    combine: (results) => results.map(({ data }) => data),
  });
  const slides = useMemo(() => {
    const known = new Map(details.map((detail) => [detail?.id, detail]));
    return photos.map((photo, position): PhotoSlide => {
      const detail = known.get(photo.id);
      return {
        src: detail?.preview_url ?? photo.thumbnail_url,
        sources: sourcesOf(detail?.screens ?? []),
        thumbnail: photo.thumbnail_url,
        ...largestOf(photo),
        face: isFaceShown ? (detail?.face_box ?? null) : null,
        alt: t("gallery.lightbox.alt", { number: position + 1 }),
      };
    });
  }, [photos, details, isFaceShown, t]);
  const current = details.find((detail) => detail?.id === photos[index]?.id);
  return { slides, hasFace: Boolean(current?.face_box) };
}
