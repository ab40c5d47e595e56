import { Photo as Picture } from "@acme/ui/photo";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useServices } from "@/services";
import type { Photo } from "./api";
import { photoQuery } from "./queries";

/** Asks for a new address when the picture's has expired. */
export function Thumbnail({ photo }: { photo: Photo }) {
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
      loading="eager"
      onError={() => setFailed(photo.thumbnail_url)}
    />
  );
}
