import { Button } from "@acme/ui/button";
import { cn } from "@acme/ui/lib/cn";
import { Notice } from "@acme/ui/states";
import { Camera as CameraIcon, Check } from "lucide-react";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { frameOf, takenSize } from "./framing";
import type { Hint } from "./hints";
import { useCamera } from "./use_camera";
import { useHint } from "./use_hint";

const QUALITY = 0.92;

/** Mirrored, as people know themselves; what is taken is not. */
export function Camera({ onPicture }: { onPicture: (picture: Blob) => void }) {
  const { t } = useTranslation();
  const video = useRef<HTMLVideoElement>(null);
  const state = useCamera(video);
  const hint = useHint(video, state === "running");
  if (state === "denied" || state === "missing") {
    return <Notice role="status">{t(`selfie.camera.${state}`)}</Notice>;
  }
  return (
    <div className="grid gap-4">
      <div className="relative mx-auto aspect-[3/4] w-full max-w-sm overflow-hidden rounded-lg bg-black">
        <video
          ref={video}
          playsInline
          muted
          aria-label={t("selfie.camera.label")}
          className="size-full -scale-x-100 object-cover"
        />
        <Guide hint={hint} />
        <p
          role="status"
          className={cn(
            "absolute inset-x-4 bottom-4 rounded-full px-4 py-2 text-center text-sm font-medium",
            hint === "good" ? "bg-green-800 text-white" : "bg-black/80 text-white",
          )}
        >
          {t(`selfie.hints.${hint}`)}
        </p>
      </div>
      <Button
        size="lg"
        disabled={state !== "running"}
        className="mx-auto w-full max-w-sm"
        onClick={async () => {
          const picture = video.current && (await take(video.current));
          if (picture) onPicture(picture);
        }}
      >
        {hint === "good" ? <Check aria-hidden /> : <CameraIcon aria-hidden />} {t("selfie.camera.take")}
      </Button>
    </div>
  );
}

function Guide({ hint }: { hint: Hint }) {
  const stroke = hint === "good" ? "#4ade80" : "#ffffff";
  return (
    <svg aria-hidden viewBox="0 0 300 400" className="absolute inset-0 size-full">
      <path
        d="M0 0H300V400H0ZM150 62C92 62 56 112 56 184S96 322 150 322 244 256 244 184 208 62 150 62Z"
        fill="#000"
        fillOpacity="0.45"
        fillRule="evenodd"
      />
      <path
        d="M150 62C92 62 56 112 56 184S96 322 150 322 244 256 244 184 208 62 150 62Z"
        fill="none"
        stroke={stroke}
        strokeWidth="4"
      />
    </svg>
  );
}

function take(video: HTMLVideoElement): Promise<Blob | null> {
  const frame = frameOf(video.videoWidth, video.videoHeight);
  const canvas = Object.assign(document.createElement("canvas"), takenSize(frame));
  canvas
    .getContext("2d")
    ?.drawImage(video, frame.left, frame.top, frame.width, frame.height, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
}
