const DAY_MS = 24 * 3600_000;
const AHEAD_DAYS = 365;

/** The day of the address, or a year from now: that long are an event's faces kept, if nobody has set it otherwise. */
export function chosenDay(given: string | null, now: Date): string {
  if (given && isDay(given)) return given;
  return dayOf(new Date(now.getTime() + AHEAD_DAYS * DAY_MS));
}

function isDay(given: string): boolean {
  const instant = new Date(`${given}T00:00Z`);
  return !Number.isNaN(instant.getTime()) && dayOf(instant) === given;
}

/** In UTC, as the rules count. */
function dayOf(instant: Date): string {
  return instant.toISOString().slice(0, 10);
}
