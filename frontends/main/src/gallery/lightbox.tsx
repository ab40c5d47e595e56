import "yet-another-react-lightbox/styles.css";
import "./lightbox.css";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import YetAnotherLightbox, { type RenderSlideContainerProps } from "yet-another-react-lightbox";
import Zoom from "yet-another-react-lightbox/plugins/zoom";
import { useServices } from "@/services";
import type { Photo } from "./api";
import { HideMe } from "./hide_me";
import { LightboxActions } from "./lightbox_actions";
import { NotMe } from "./not_me";
import { type PhotoSlide, PhotoSlideView } from "./photo_slide";
import { photoQuery } from "./queries";
import { largestOf } from "./screens";

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
  const { photos, total, projectId, onFavourite, onClose, onEndNear } = props;
  const { t } = useTranslation();
  const { index, show } = useShown(props);
  const [isFaceShown, setFaceShown] = useState(false);
  const slides = useSlides(photos);
  const photo = photos[index];
  const hasFace = useHasFace(photo);
  const [isAsking, setAsking] = useState(false);
  const [isHiding, setHiding] = useState(false);
  const view = (next: number) => {
    if (next !== index) show(next);
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
        noScroll={{ disabled: true }} // lightbox.css does it: pages keep the room of their scroll bar
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
          // All slides are ours; the library's own type does not know what they carry.
          slide: ({ slide, rect, zoom }) => (
            <PhotoSlideView slide={slide as PhotoSlide} rect={rect} zoom={zoom} isFaceShown={isFaceShown} />
          ),
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

/**
 * The photo that is shown. The address follows when the router has time; were it waited for, whatever comes between
 * (a large picture, new matches) would set the viewer back to where the address still is.
 */
function useShown({ photos, index, onIndex }: Pick<LightboxProps, "photos" | "index" | "onIndex">) {
  const [photoId, setPhotoId] = useState(photos[index]?.id);
  const place = photos.findIndex(({ id }) => id === photoId);
  const show = (next: number) => {
    setPhotoId(photos[next]?.id);
    onIndex(next);
  };
  return { index: place < 0 ? index : place, show };
}

/** The thumbnail is there at once; the large picture comes over it. */
function Underlaid({ slide, children }: RenderSlideContainerProps) {
  return (
    <>
      {"src" in slide && <img src={slide.src} alt="" className="gallery-lightbox-thumbnail" />}
      {children}
    </>
  );
}

function useHasFace(photo: Photo | undefined): boolean {
  const services = useServices();
  const detail = useQuery({ ...photoQuery(services, photo?.id ?? ""), enabled: photo !== undefined });
  return Boolean(detail.data?.face_box);
}

/**
 * They change with the list and with nothing else: a new list of slides while the viewer is on its way to the next
 * would set it back. Each gets its large picture by itself.
 */
function useSlides(photos: readonly Photo[]): PhotoSlide[] {
  const { t } = useTranslation();
  return useMemo(
    () =>
      photos.map((photo, position) => ({
        photoId: photo.id,
        src: photo.thumbnail_url,
        ...largestOf(photo),
        alt: t("gallery.lightbox.alt", { number: position + 1 }),
      })),
    [photos, t],
  );
}
