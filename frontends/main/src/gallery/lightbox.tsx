import "yet-another-react-lightbox/styles.css";
import "./lightbox.css";
import { useQueries } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import YetAnotherLightbox, {
  type RenderSlideContainerProps,
  type SlideImage,
} from "yet-another-react-lightbox";
import Zoom from "yet-another-react-lightbox/plugins/zoom";
import { useServices } from "@/services";
import type { Photo } from "./api";
import { LightboxActions } from "./lightbox_actions";
import { NotMe } from "./not_me";
import { photoQuery } from "./queries";

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

interface PhotoSlide extends SlideImage {
  thumbnail: string;
}

/** Its own chunk: loaded when the first photo is opened. */
export default function Lightbox(props: LightboxProps) {
  const { photos, index, total, projectId, onIndex, onFavourite, onClose, onEndNear } = props;
  const { t } = useTranslation();
  const slides = useSlides(photos, index);
  const photo = photos[index];
  const [isAsking, setAsking] = useState(false);
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
          controls: () =>
            photo && (
              <LightboxActions
                photo={photo}
                projectId={projectId}
                position={t("gallery.lightbox.position", { number: index + 1, total })}
                onFavourite={() => onFavourite(photo)}
                onNotMe={() => setAsking(true)}
              />
            ),
        }}
      />
      {photo && <NotMe photo={photo} projectId={projectId} open={isAsking} onOpenChange={setAsking} />}
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

/** The large pictures of the one that is shown and of its neighbours; their addresses are kept fresh. */
function useSlides(photos: readonly Photo[], index: number): PhotoSlide[] {
  const { t } = useTranslation();
  const services = useServices();
  const near = photos.slice(Math.max(0, index - 1), index + 2);
  const previews = useQueries({
    queries: near.map((photo) => photoQuery(services, photo.id)),
    combine: (results) =>
      results.map(({ data }) => (data ? { id: data.id, address: data.preview_url } : undefined)),
  });
  return useMemo(() => {
    const addresses = new Map(previews.map((preview) => [preview?.id, preview?.address]));
    return photos.map((photo, position) => ({
      src: addresses.get(photo.id) ?? photo.thumbnail_url,
      thumbnail: photo.thumbnail_url,
      width: photo.width,
      height: photo.height,
      alt: t("gallery.lightbox.alt", { number: position + 1 }),
    }));
  }, [photos, previews, t]);
}
