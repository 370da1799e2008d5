/** What a result says. */
import { describe, expect, it } from 'vitest';
import { apart, stepPath } from './step-line';
import { harmLevel, intervalFinding, sideOf } from './verdict';

const interval = (low: number, high: number) => ({ estimate: (low + high) / 2, low, high });
const sales = (low: number, high: number) => ({ ...interval(low, high), currency: 'JPY' });
const harm = { unsubscribed: 3, rate: 0.008, usual: 0.004, stop_line: 0.02, complaints: 0, stopped: false };

describe('intervals', () => {
  it('that touch zero still cross it', () => {
    expect([sideOf(interval(0, 1)), sideOf(interval(0.01, 1)), sideOf(interval(-1, -0.01))]).toEqual([
      'cross',
      'above',
      'below',
    ]);
  });

  it('are said together when they agree, apart when they do not', () => {
    expect(intervalFinding({ rate: interval(-1, 1), sales: sales(-9, 9) })).toBe('both_cross');
    expect(intervalFinding({ rate: interval(0.1, 1), sales: sales(-9, 9) })).toBe('mixed');
    expect(intervalFinding({ rate: interval(0.1, 1), sales: null })).toBe('one_above');
    expect(intervalFinding({ rate: null, sales: null })).toBe('none');
  });
});

it('calls harm by its name only when it is far from the usual', () => {
  expect(harmLevel(harm)).toBe('none');
  expect(harmLevel({ ...harm, rate: 0.012 })).toBe('more');
  expect(harmLevel({ ...harm, rate: 0.021 })).toBe('over');
  expect(harmLevel({ ...harm, stopped: true })).toBe('stopped');
  expect(harmLevel({ ...harm, usual: null, rate: 0.012 })).toBe('none');
});

it('draws shares as steps and keeps labels apart', () => {
  expect(
    stepPath([
      { x: 0, y: 9 },
      { x: 5, y: 4 },
    ]),
  ).toBe('M0.0 9.0H5.0V4.0');
  expect(apart(20, 22, 16)).toEqual([13, 29]);
  expect(apart(22, 20, 16)).toEqual([29, 13]);
  expect(apart(10, 60, 16)).toEqual([10, 60]);
});
