const FIELDS = {
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
} as const;

/** What a `datetime-local` input shows for an instant, on the clocks of a place. */
export function localOf(instant: string | null, timeZone: string): string {
  if (instant === null) return "";
  const format = new Intl.DateTimeFormat("en-CA", { ...FIELDS, hourCycle: "h23", timeZone });
  const parts = Object.fromEntries(
    format.formatToParts(new Date(instant)).map(({ type, value }) => [type, value]),
  );
  return `${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}`;
}

/**
 * The instant at which the clocks of a place show this; null for none. Of a time that the clocks show twice it is the
 * first; one that they leap over is as much later.
 */
export function instantOf(local: string, timeZone: string): string | null {
  if (!local) return null;
  const wanted = Date.parse(`${local}Z`);
  if (Number.isNaN(wanted)) return null;
  const guesses = [wanted - DAY_MS, wanted + DAY_MS].map((near) => wanted - offsetAt(near, timeZone));
  const exact = guesses.find((guess) => guess + offsetAt(guess, timeZone) === wanted);
  return new Date(exact ?? Math.max(...guesses)).toISOString();
}

const DAY_MS = 24 * 3600_000;

/** Milliseconds that the place's clocks are ahead of UTC. */
function offsetAt(instant: number, timeZone: string): number {
  const shown = Date.parse(`${localOf(new Date(instant).toISOString(), timeZone)}Z`);
  return shown - Math.floor(instant / 60_000) * 60_000;
}
