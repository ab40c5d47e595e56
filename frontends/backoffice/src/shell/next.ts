/** Where somebody wanted to go before they had to sign in; only ever a page of this app. */
export function safeNext(next: string | null): string | null {
  if (!next?.startsWith("/")) return null;
  const url = new URL(next, location.origin);
  return url.origin === location.origin ? url.pathname + url.search + url.hash : null;
}
