import { Photo as Picture } from "@acme/ui/photo";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useServices } from "@/services";
import type { Photo } from "./api";
import { photoQuery } from "./queries";

interface ThumbnailProps {
  photo: Photo;
  /** Width by height of what it fills, where that is not the photo's own shape. */
  frame?: number;
}

/** Asks for a new address when the picture's has expired. */
export function Thumbnail({ photo, frame }: ThumbnailProps) {
  const services = useServices();
  const [failed, setFailed] = useState<string>();
  const isBroken = failed === photo.thumbnail_url;
  const renewed = useQuery({
    ...photoQuery(services, photo.id),
    enabled: isBroken,
    refetchInterval: false,
    select: (detail) => detail.thumbnail_url,
  });
  const address = isBroken ? renewed.data : photo.thumbnail_url;
  return (
    <Picture
      src={address}
      alt=""
      thumbhash={photo.thumbhash}
      crop={frame ? { photo, frame } : undefined}
      loading="eager"
      onError={() => setFailed(photo.thumbnail_url)}
    />
  );
}
