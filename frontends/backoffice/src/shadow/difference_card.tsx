import { cn } from "@acme/ui/lib/cn";
import type { ReactNode } from "react";
import { effect, engineName, scoreText } from "./agreement";
import type { Difference } from "./queries";

interface DifferenceCardProps {
  difference: Difference;
  onOpen: () => void;
}

/** One guest in one photo: the face, the selfie, and what each engine makes of them. */
export function DifferenceCard({ difference, onOpen }: DifferenceCardProps) {
  const { name, face_url, thumbnail_url, selfie_url } = difference;
  return (
    <article className="grid h-full content-start gap-3 rounded-lg border bg-surface p-3">
      <button type="button" className="grid grid-cols-2 gap-2 rounded-md" onClick={onOpen}>
        <span className="sr-only">Show the whole photo with {name}</span>
        <Framed caption={face_url ? "In the photo" : "The photo"}>
          <Picture url={face_url ?? thumbnail_url} instead="No picture" />
        </Framed>
        <Framed caption="Selfie">
          <Picture url={selfie_url} instead="No selfie" />
        </Framed>
      </button>
      <h2 className="truncate font-medium">{name}</h2>
      <Opinions difference={difference} />
    </article>
  );
}

/** What is shown comes first. */
export function Opinions({ difference: { primary, shadow } }: { difference: Difference }) {
  const opinions = [
    { place: "First", opinion: primary },
    { place: "Second", opinion: shadow },
  ];
  return (
    <dl className="grid gap-1.5 text-sm">
      {opinions.map(({ place, opinion }) => (
        <div key={place} className="flex flex-wrap items-baseline justify-between gap-x-3">
          <dt className="text-muted-foreground">
            {place}: {engineName(opinion.engine)}
          </dt>
          <dd className={cn("tabular-nums", opinion.band === null && "text-muted-foreground")}>
            <span className="font-medium">{scoreText(opinion)}</span>, {effect(opinion)}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Framed({ caption, children }: { caption: string; children: ReactNode }) {
  return (
    <span className="grid min-w-0 gap-1">
      <span className="block aspect-square overflow-hidden rounded-md bg-muted">{children}</span>
      <span className="text-center text-xs text-muted-foreground">{caption}</span>
    </span>
  );
}

function Picture({ url, instead }: { url: string | null; instead: string }) {
  if (!url) {
    return (
      <span className="grid size-full place-items-center p-2 text-center text-xs text-muted-foreground">
        {instead}
      </span>
    );
  }
  return <img src={url} alt="" loading="lazy" className="size-full object-cover" />;
}
