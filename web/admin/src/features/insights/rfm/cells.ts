/** Cells of the grid by `row-column`, their order, and the words for a rectangle of them. */
import type { Band } from '../../../api/types';

export type Cell = readonly [row: number, column: number];

export const DEFAULT_R = [30, 60, 90, 180];
export const DEFAULT_F = [1, 2, 3, 5, 10];

export function readBounds(text: string | undefined, fallback: number[]): number[] {
  return text ? text.split('-').map(Number) : fallback;
}

export function writeBounds(bounds: number[], fallback: number[]): string | undefined {
  const text = bounds.join('-');
  return text === fallback.join('-') ? undefined : text;
}

export function readCells(text: string | undefined): Cell[] {
  if (!text) return [];
  return text.split('_').map((cell) => {
    const [row = 0, column = 0] = cell.split('-').map(Number);
    return [row, column] as const;
  });
}

export function writeCells(cells: readonly Cell[]): string | undefined {
  return cells.length === 0 ? undefined : cells.map(([row, column]) => `${row}-${column}`).join('_');
}

export const keyOf = ([row, column]: Cell) => `${row}-${column}`;

/** All cells of the rectangle between two corners. */
export function rectangle(from: Cell, to: Cell): Cell[] {
  const cells: Cell[] = [];
  for (let row = Math.min(from[0], to[0]); row <= Math.max(from[0], to[0]); row += 1)
    for (let column = Math.min(from[1], to[1]); column <= Math.max(from[1], to[1]); column += 1)
      cells.push([row, column]);
  return cells;
}

/** Each cell once, in the order of reading. */
export function union(cells: readonly Cell[]): Cell[] {
  const known = new Map(cells.map((cell) => [keyOf(cell), cell]));
  return [...known.values()].sort((one, other) => one[0] - other[0] || one[1] - other[1]);
}

export function without(cells: readonly Cell[], taken: readonly Cell[]): Cell[] {
  const keys = new Set(taken.map(keyOf));
  return cells.filter((cell) => !keys.has(keyOf(cell)));
}

export type Rectangle = { r: { from: number; to: number | null }; f: { from: number; to: number | null } };

/** The days and numbers of orders that a selection spans, when it is one full rectangle; otherwise null. */
export function spanOf(cells: readonly Cell[], r: readonly Band[], f: readonly Band[]): Rectangle | null {
  if (cells.length === 0) return null;
  const rows = cells.map(([row]) => row);
  const columns = cells.map(([, column]) => column);
  const [top, bottom] = [Math.min(...rows), Math.max(...rows)];
  const [left, right] = [Math.min(...columns), Math.max(...columns)];
  if ((bottom - top + 1) * (right - left + 1) !== cells.length) return null;
  const [first, last, low, high] = [r[top], r[bottom], f[left], f[right]];
  if (!first || !last || !low || !high) return null;
  return { r: { from: first.from, to: last.to }, f: { from: low.from, to: high.to } };
}

/** Which edges of a selected cell are the selection's outline. */
export function edgesOf(cell: Cell, selected: ReadonlySet<string>): string {
  const [row, column] = cell;
  const sides: [string, Cell][] = [
    ['top', [row - 1, column]],
    ['bottom', [row + 1, column]],
    ['left', [row, column - 1]],
    ['right', [row, column + 1]],
  ];
  return sides
    .filter(([, neighbour]) => !selected.has(keyOf(neighbour)))
    .map(([side]) => side)
    .join(' ');
}

/** Those who bought three times or more and have stayed away for over 60 days, as far as the bands can say it. */
export function regularsAway(r: readonly Band[], f: readonly Band[]): Cell[] {
  return r.flatMap((days, row) =>
    f.flatMap((orders, column) => (days.from > 60 && orders.from >= 3 ? [[row, column] as const] : [])),
  );
}
