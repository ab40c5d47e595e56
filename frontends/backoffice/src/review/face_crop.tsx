import type { CSSProperties } from "react";
import type { PhotoTag } from "./queries";

/** The face as the recognition saw it; the whole photo where it has been tagged by hand. */
export function FaceCrop({ tag }: { tag: PhotoTag }) {
  const url = tag.face_url ?? tag.thumbnail_url;
  if (!url)
    return <span className="grid h-full place-items-center text-sm text-muted-foreground">No picture</span>;
  return <img key={url} src={url} alt="" className="size-full object-cover" />;
}

/** A frame around the face, over a picture that fills its container. */
export function FaceFrame({ box }: { box: NonNullable<PhotoTag["face_box"]> }) {
  const style: CSSProperties = {
    left: `${box.left * 100}%`,
    top: `${box.top * 100}%`,
    width: `${box.width * 100}%`,
    height: `${box.height * 100}%`,
  };
  return (
    <span
      aria-hidden
      className="absolute rounded-sm border-3 border-white shadow-[0_0_0_2px_rgb(0_0_0/0.6)]"
      style={style}
    />
  );
}
