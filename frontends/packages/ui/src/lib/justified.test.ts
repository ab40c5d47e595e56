import { expect, test } from "vitest";
import { justify, type Size } from "./justified";

const MIXED: Size[] = Array.from(
  { length: 97 },
  (_, index) =>
    [
      { width: 6000, height: 4000 },
      { width: 4000, height: 6000 },
      { width: 9000, height: 1000 },
      { width: 0, height: 0 },
    ][index % 4] as Size,
);

test("every photo has one cell, in order", () => {
  const cells = justify(MIXED, 1200, 240, 8).rows.flatMap((row) => row.cells);
  expect(cells.map((cell) => cell.index)).toEqual(MIXED.map((_, index) => index));
});

test("all rows but the last fill the width exactly, and are not higher than asked", () => {
  const { rows } = justify(MIXED, 1200, 240, 8);
  for (const row of rows.slice(0, -1)) {
    const last = row.cells.at(-1);
    expect((last?.left ?? 0) + (last?.width ?? 0)).toBeCloseTo(1200, 6);
    expect(row.height).toBeLessThanOrEqual(240);
  }
});

test("rows lie beneath each other, a gap apart", () => {
  const { rows, height } = justify(MIXED, 375, 160, 4);
  rows.slice(1).forEach((row, index) => {
    const above = rows[index];
    expect(row.top).toBeCloseTo((above?.top ?? 0) + (above?.height ?? 0) + 4, 6);
  });
  const last = rows.at(-1);
  expect(height).toBeCloseTo((last?.top ?? 0) + (last?.height ?? 0), 6);
});

test("photos keep their shape; a last row alone is not blown up", () => {
  const { rows } = justify([{ width: 3000, height: 2000 }], 1200, 240, 8);
  expect(rows[0]?.cells[0]).toMatchObject({ width: 360, height: 240 });
});

test("nothing takes no room", () => {
  expect(justify([], 1200, 240, 8)).toEqual({ rows: [], height: 0 });
});

test("ten thousand photos are laid out within a frame or two", () => {
  const many = Array.from({ length: 10_000 }, (_, index) => MIXED[index % MIXED.length] as Size);
  const { rows } = justify(many, 1200, 240, 8);
  expect(rows.reduce((sum, row) => sum + row.cells.length, 0)).toBe(10_000);
});
