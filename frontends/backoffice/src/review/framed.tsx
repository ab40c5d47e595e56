import type { Schemas } from "@acme/api/backoffice";
import type { ReactNode } from "react";

export function Framed({ caption, children }: { caption: string; children: ReactNode }) {
  return (
    <figure className="grid gap-1.5">
      <div className="aspect-square max-h-[55dvh] w-full overflow-hidden rounded-lg bg-muted">{children}</div>
      <figcaption className="truncate text-center text-sm text-muted-foreground">{caption}</figcaption>
    </figure>
  );
}

/** The face in a guest's newest selfie. */
export function SelfieFrame({ candidate: { name, selfie_url: url } }: { candidate: Schemas["Candidate"] }) {
  return (
    <Framed caption={`Selfie of ${name}`}>
      {url ? (
        <img key={url} src={url} alt={`Selfie of ${name}`} className="size-full object-cover" />
      ) : (
        <p className="grid h-full place-items-center p-4 text-center text-sm text-muted-foreground">
          No selfie: {name} has withdrawn it
        </p>
      )}
    </Framed>
  );
}
