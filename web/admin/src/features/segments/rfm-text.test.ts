import { describe, expect, it } from 'vitest';
import { areaOf } from './rfm-text';

const grid = (cells: [number, number][]) =>
  ({ kind: 'rfm', version: 1, r: [30, 60, 90, 180], f: [1, 2, 3, 5, 10], cells }) as const;
const area = (cells: [number, number][]) => {
  const node = grid(cells);
  return areaOf({ ...node, r: [...node.r], f: [...node.f] });
};

describe('cells of the RFM grid as an area', () => {
  it('names days and orders of the regulars who stay away', () => {
    const cells = [2, 3, 4].flatMap((row) => [2, 3, 4].map((column): [number, number] => [row, column]));
    expect(area(cells)).toEqual({ r: { from: 61, to: null }, f: { from: 3, to: null } });
  });

  it('knows the first row, one column and open ends', () => {
    expect(area([[0, 0]])).toEqual({ r: { from: 0, to: 30 }, f: { from: 1, to: 1 } });
    expect(area([[1, 3]])).toEqual({ r: { from: 31, to: 60 }, f: { from: 5, to: 9 } });
  });

  it('is none where cells are missing', () => {
    expect(
      area([
        [0, 0],
        [1, 1],
      ]),
    ).toBeNull();
    expect(
      area([
        [0, 0],
        [0, 2],
      ]),
    ).toBeNull();
  });
});
