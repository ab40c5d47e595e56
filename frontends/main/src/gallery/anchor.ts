import type { Layout, Row } from "@acme/ui/lib/justified";

export interface Laid {
  ids: readonly string[];
  layout: Layout;
}

/**
 * Where to scroll to, within the grid, so that what is seen stays where it is although photos came or went above it;
 * null at the grid's top (what is new may be seen there), or when all that was seen has gone.
 */
export function anchoredScroll(before: Laid, after: Laid, scrolled: number, viewport: number): number | null {
  if (scrolled <= 0) return null;
  const rowOf = rowsById(after);
  for (const row of before.layout.rows) {
    if (row.top + row.height <= scrolled) continue;
    if (row.top > scrolled + viewport) return null;
    for (const cell of row.cells) {
      const found = rowOf.get(before.ids[cell.index] ?? "");
      if (found) return found.top + scrolled - row.top;
    }
  }
  return null;
}

function rowsById({ ids, layout }: Laid): Map<string, Row> {
  const rows = new Map<string, Row>();
  for (const row of layout.rows) {
    for (const cell of row.cells) rows.set(ids[cell.index] ?? "", row);
  }
  return rows;
}
