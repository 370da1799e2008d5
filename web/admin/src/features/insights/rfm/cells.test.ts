import { describe, expect, it } from 'vitest';
import { parseBounds } from './bands';
import {
  edgesOf,
  keyOf,
  readCells,
  rectangle,
  regularsAway,
  spanOf,
  union,
  without,
  writeCells,
} from './cells';

const R = [
  { from: 0, to: 30 },
  { from: 31, to: 60 },
  { from: 61, to: 90 },
  { from: 91, to: 180 },
  { from: 181, to: null },
];
const F = [
  { from: 1, to: 1 },
  { from: 2, to: 2 },
  { from: 3, to: 4 },
  { from: 5, to: 9 },
  { from: 10, to: null },
];

describe('a selection of cells', () => {
  it('goes into the address and comes back', () => {
    const cells = rectangle([4, 4], [2, 2]);
    expect(writeCells(cells)).toBe('2-2_2-3_2-4_3-2_3-3_3-4_4-2_4-3_4-4');
    expect(readCells(writeCells(cells))).toEqual(cells);
    expect(writeCells([])).toBeUndefined();
  });

  it('is said as one span when it is a full rectangle, and not otherwise', () => {
    const away = rectangle([2, 2], [4, 4]);
    expect(spanOf(away, R, F)).toEqual({ r: { from: 61, to: null }, f: { from: 3, to: null } });
    expect(spanOf(without(away, [[3, 3]]), R, F)).toBeNull();
  });

  it('grows by another drag without counting a cell twice', () => {
    expect(union([...rectangle([0, 0], [0, 1]), ...rectangle([0, 1], [0, 2])])).toHaveLength(3);
  });

  it('is outlined at its outer edges only', () => {
    const keys = new Set(rectangle([0, 0], [1, 1]).map(keyOf));
    expect(edgesOf([0, 0], keys)).toBe('top left');
    expect(edgesOf([1, 1], keys)).toBe('bottom right');
  });

  it('is suggested: regulars who stopped coming', () => {
    expect(writeCells(regularsAway(R, F))).toBe('2-2_2-3_2-4_3-2_3-3_3-4_4-2_4-3_4-4');
  });
});

describe('bands', () => {
  it.each([
    ['30, 60、90', [30, 60, 90]],
    ['３０　６０', [30, 60]],
    ['60 30', null],
    ['0, 30', null],
    ['ten', null],
    ['', null],
    ['1 2 3 4 5 6 7 8 9', null],
  ])('read %j', (text, bounds) => {
    expect(parseBounds(text)).toEqual(bounds);
  });
});
