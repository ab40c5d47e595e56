/** A set with `id` in it or not, changed. */
export function toggled(chosen: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(chosen);
  if (!next.delete(id)) next.add(id);
  return next;
}

/** Where to be after the items at these places are gone: at what takes the place of the current one. */
export function placeAfter(place: number, gone: readonly number[], count: number): number {
  const before = gone.filter((index) => index < place).length;
  const left = count - gone.length;
  return Math.max(0, Math.min(place - before, left - 1));
}
