import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useRef, useState } from "react";

const SMALLEST_TILE = 150;
const FEWEST_COLUMNS = 3;
const OVERSCAN = 3;

/** Rows of square tiles that fill the width; `onEnd` is called when the last rows come near. */
export function useGridRows(count: number, onEnd: () => void) {
  const ref = useRef<HTMLUListElement>(null);
  const [{ width, top }, setPlace] = useState({ width: 0, top: 0 });
  useLayoutEffect(() => {
    const list = ref.current;
    if (!list) return;
    const measure = () =>
      setPlace({ width: list.clientWidth, top: list.getBoundingClientRect().top + scrollY });
    const observer = new ResizeObserver(measure);
    observer.observe(list);
    measure();
    return () => observer.disconnect();
  }, []);
  const columns = Math.max(FEWEST_COLUMNS, Math.floor(width / SMALLEST_TILE));
  const size = width / columns;
  const rows = useWindowVirtualizer({
    count: Math.ceil(count / columns),
    estimateSize: () => size,
    overscan: OVERSCAN,
    scrollMargin: top,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the rows are of one height, which has changed
  useEffect(() => rows.measure(), [size]);
  const last = rows.getVirtualItems().at(-1)?.index ?? 0;
  const isNearEnd = width > 0 && (last + OVERSCAN) * columns >= count;
  useEffect(() => {
    if (isNearEnd) onEnd();
  }, [isNearEnd, onEnd]);
  return { ref, columns, rows, top, size };
}
