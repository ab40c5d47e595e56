/** Where to go on after this page: a path of our own, never a page of somebody else's. */
export function nextPath(wanted: string | null, otherwise = "/"): string {
  if (!wanted?.startsWith("/")) return otherwise;
  let url: URL;
  try {
    url = new URL(wanted, location.origin);
  } catch {
    return otherwise;
  }
  return url.origin === location.origin ? url.pathname + url.search + url.hash : otherwise;
}

/** `path`, which goes on to `next` when it is done. */
export function withNext(path: string, next: string): string {
  return next === "/" ? path : `${path}?next=${encodeURIComponent(next)}`;
}
