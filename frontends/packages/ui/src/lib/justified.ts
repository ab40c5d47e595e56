export interface Size {
  width: number;
  height: number;
}

export interface Cell extends Size {
  index: number;
  left: number;
}

export interface Row {
  top: number;
  height: number;
  cells: Cell[];
}

export interface Layout {
  rows: Row[];
  height: number;
}

const MOST_EXTREME = 4;
/** Panoramas and banners get no more room than this ratio, or they would have a row alone. */

/**
 * A justified grid: rows of equal height within, all as wide as the container, in the order given.
 * A row is closed when it is filled at a height of `rowHeight` or less; the last one keeps that height.
 */
export function justify(
  sizes: readonly Size[],
  containerWidth: number,
  rowHeight: number,
  gap: number,
): Layout {
  const rows: Row[] = [];
  let top = 0;
  let pending: number[] = [];
  let ratios = 0;
  const close = (height: number) => {
    rows.push(row(sizes, pending, top, height, gap));
    top += height + gap;
    pending = [];
    ratios = 0;
  };
  sizes.forEach((size, index) => {
    pending.push(index);
    ratios += ratio(size);
    const filling = (containerWidth - gap * (pending.length - 1)) / ratios;
    if (filling <= rowHeight) close(filling);
  });
  if (pending.length > 0) close(rowHeight);
  return { rows, height: Math.max(0, top - gap) };
}

export function ratio(size: Size): number {
  const plain = size.width > 0 && size.height > 0 ? size.width / size.height : 1;
  return Math.min(MOST_EXTREME, Math.max(1 / MOST_EXTREME, plain));
}

function row(sizes: readonly Size[], indices: number[], top: number, height: number, gap: number): Row {
  let left = 0;
  const cells = indices.map((index) => {
    const width = ratio(sizes[index] ?? { width: 1, height: 1 }) * height;
    const cell = { index, left, width, height };
    left += width + gap;
    return cell;
  });
  return { top, height, cells };
}
