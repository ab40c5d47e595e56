/** The document's title; once per page. */
export function Title({ children }: { children: string }) {
  return <title>{`${children} · Acme Photos`}</title>;
}
