import { Aperture } from "lucide-react";

export function Logo() {
  return (
    <span className="inline-flex items-center gap-2 font-semibold tracking-tight">
      <Aperture className="size-6 text-primary" aria-hidden />
      Acme Photos
    </span>
  );
}
