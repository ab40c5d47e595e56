import { type ComponentProps, useState } from "react";
import { thumbHashToDataURL } from "thumbhash";
import { cn } from "./lib/cn";
import { type Croppable, cropPosition } from "./lib/crop";

export interface PhotoProps extends ComponentProps<"img"> {
  alt: string;
  /** Base64, as the services answer it. */
  thumbhash: string | null | undefined;
  /** The faces of this photo are kept in sight, in a frame of this shape: its width by its height. */
  crop?: { photo: Croppable; frame: number } | undefined;
}

/** A photo that shows its colours at once, and itself when it has arrived. Fills its container. */
export function Photo({ thumbhash, className, src, alt, crop, onLoad, ...rest }: PhotoProps) {
  const [loaded, setLoaded] = useState<string>();
  const position = crop && cropPosition(crop.photo, crop.frame);
  const [placeholder] = useState(() => (thumbhash ? decode(thumbhash) : undefined));
  return (
    <div
      className={cn("relative size-full overflow-hidden bg-muted bg-cover", className)}
      style={placeholder ? { backgroundImage: `url(${placeholder})` } : undefined}
    >
      {src && (
        <img
          src={src}
          alt={alt}
          loading="lazy"
          decoding="async"
          onLoad={(event) => {
            setLoaded(src);
            onLoad?.(event);
          }}
          className={cn(
            "size-full object-cover transition-opacity duration-300",
            loaded !== src && "opacity-0",
          )}
          style={position ? { objectPosition: position } : undefined}
          {...rest}
        />
      )}
    </div>
  );
}

function decode(thumbhash: string): string | undefined {
  try {
    return thumbHashToDataURL(Uint8Array.from(atob(thumbhash), (letter) => letter.charCodeAt(0)));
  } catch {
    return undefined;
  }
}
