import { useEffect, useState } from "react";
import { useLocation, useNavigation } from "react-router";

const AFTER_PAINT_MS = 150;

/** A thin line while the next page is fetched, and its title read out once it is there. */
export function RouteNews() {
  const isLoading = useNavigation().state !== "idle";
  const { pathname } = useLocation();
  const [title, setTitle] = useState("");
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new path is news
  useEffect(() => {
    const timer = setTimeout(() => setTitle(document.title), AFTER_PAINT_MS);
    return () => clearTimeout(timer);
  }, [pathname]);
  return (
    <>
      <div aria-live="polite" className="sr-only">
        {title}
      </div>
      {isLoading && (
        <div aria-hidden className="fixed inset-x-0 top-0 z-50 h-0.5 animate-pulse bg-primary delay-150" />
      )}
    </>
  );
}
