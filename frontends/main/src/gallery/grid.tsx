import { justify, type Layout } from "@acme/ui/lib/justified";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { memo, type ReactNode, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { anchoredScroll, type Laid } from "./anchor";
import type { Photo } from "./api";

const PHONE_PX = 640;
const ROWS_BEYOND = 3;
/** How many rows before the end the next page is asked for. */
const ROWS_AHEAD = 12;

export interface GridProps {
  photos: readonly Photo[];
  label: string;
  /** Keep it the same function from one drawing to the next: a tile is drawn anew when it changes. */
  renderTile: (photo: Photo, index: number) => ReactNode;
  onEndNear?: () => void;
}

/** A justified grid of any length: only the rows near the window exist. */
export const Grid = memo(function Grid({ photos, label, renderTile, onEndNear }: GridProps) {
  const list = useRef<HTMLUListElement>(null);
  const { width, top } = useBox(list);
  const layout = useMemo(() => layOut(photos, width), [photos, width]);
  const rows = useRows(layout, top);
  useAnchor(photos, layout, top);
  useEndNear(rows.at(-1)?.index, layout, onEndNear);
  return (
    <ul ref={list} aria-label={label} className="relative" style={{ height: layout.height }}>
      {rows.flatMap(({ index }) => {
        const row = layout.rows[index];
        return row?.cells.map((cell) => {
          const photo = photos[cell.index];
          if (!photo) return null;
          const place = { top: row.top, left: cell.left, width: cell.width, height: cell.height };
          return (
            <li
              key={photo.id}
              aria-setsize={photos.length}
              aria-posinset={cell.index + 1}
              className="absolute overflow-hidden rounded-sm"
              style={place}
            >
              <Tile photo={photo} index={cell.index} render={renderTile} />
            </li>
          );
        });
      })}
    </ul>
  );
});

interface TileProps {
  photo: Photo;
  index: number;
  render: GridProps["renderTile"];
}

const Tile = memo(function Tile({ photo, index, render }: TileProps) {
  return render(photo, index);
});

function layOut(photos: readonly Photo[], width: number): Layout {
  if (width === 0) return { rows: [], height: 0 };
  const isPhone = width < PHONE_PX;
  return justify(photos, width, isPhone ? 150 : 240, isPhone ? 4 : 8);
}

function useBox(element: React.RefObject<HTMLElement | null>): { width: number; top: number } {
  const [box, setBox] = useState({ width: 0, top: 0 });
  useLayoutEffect(() => {
    const measure = () => {
      const rect = element.current?.getBoundingClientRect();
      if (!rect) return;
      const width = Math.floor(rect.width);
      const top = Math.round(rect.top + window.scrollY);
      setBox((known) => (known.width === width && known.top === top ? known : { width, top }));
    };
    measure();
    const observer = new ResizeObserver(measure);
    // The body changes its height when something above the grid does.
    observer.observe(document.body);
    if (element.current) observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
  return box;
}

function useRows(layout: Layout, top: number) {
  const gap = rowGap(layout);
  const virtualizer = useWindowVirtualizer({
    count: layout.rows.length,
    estimateSize: (index) => (layout.rows[index]?.height ?? 0) + gap,
    overscan: ROWS_BEYOND,
    scrollMargin: top,
    initialOffset: () => window.scrollY,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the heights are the layout's, and are kept until told
  useLayoutEffect(() => virtualizer.measure(), [layout, virtualizer]);
  return virtualizer.getVirtualItems();
}

function rowGap({ rows }: Layout): number {
  const [first, second] = rows;
  return first && second ? second.top - first.top - first.height : 0;
}

/** What is seen stays where it is when photos come in above it, or the window changes its width. */
function useAnchor(photos: readonly Photo[], layout: Layout, top: number): void {
  const before = useRef<Laid | null>(null);
  useLayoutEffect(() => {
    const laid = { ids: photos.map((photo) => photo.id), layout };
    const known = before.current;
    before.current = laid;
    if (!known || known.layout === layout) return;
    const scrolled = window.scrollY - top;
    const target = anchoredScroll(known, laid, scrolled, window.innerHeight);
    if (target !== null && Math.abs(target - scrolled) > 1) window.scrollTo({ top: target + top });
  }, [photos, layout, top]);
}

function useEndNear(last: number | undefined, layout: Layout, onEndNear: (() => void) | undefined): void {
  const isNear = last !== undefined && last >= layout.rows.length - ROWS_AHEAD;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a longer grid that still ends near here needs more
  useEffect(() => {
    if (isNear) onEndNear?.();
  }, [isNear, layout, onEndNear]);
}
