/** Until the first page is there: quiet, and of the page's shape. */
export function Splash() {
  return (
    <div aria-busy className="mx-auto grid max-w-7xl gap-6 px-4">
      <div className="flex h-14 items-center">
        <img src="/icon.svg" alt="" width={28} height={28} />
      </div>
      <div className="h-8 w-48 animate-pulse rounded-md bg-muted" />
      <div className="h-64 animate-pulse rounded-lg bg-muted" />
    </div>
  );
}
