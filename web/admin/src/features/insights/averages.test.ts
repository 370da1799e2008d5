/** Averages over cohorts: only months that are over, and never the month in which the import begins. */
import { expect, test } from 'vitest';
import type { CohortMonth, LtvCohort } from '../../api/types';
import { averageAt } from './cohort-rates';
import { averageLine } from './ltv-chart';

const money = (minor: number) => ({ minor, currency: 'JPY' });

function cohort(
  size: number,
  cells: [buyers: number, isComplete: boolean][],
  isImportStart = false,
): CohortMonth {
  return {
    month: '2026-01',
    size,
    is_import_start: isImportStart,
    cells: cells.map(([buyers, is_complete], offset) => ({
      offset,
      buyers,
      rate: buyers / size,
      sales: money(0),
      is_complete,
      people_ref: '',
    })),
  };
}

function way(size: number, points: [ltv: number, isComplete: boolean][], isImportStart = false): LtvCohort {
  return {
    month: '2026-01',
    size,
    is_import_start: isImportStart,
    points: points.map(([minor, is_complete], offset) => ({ offset, ltv: money(minor), is_complete })),
  };
}

test('a month that is not over does not lower the average of those that are', () => {
  const months = [
    cohort(100, [
      [100, true],
      [30, true],
    ]),
    cohort(300, [
      [300, true],
      [3, false],
    ]),
  ];
  expect(averageAt(months, 0)).toBe(1);
  expect(averageAt(months, 1)).toBe(0.3);
});

test('where no month is over there is no average', () => {
  expect(averageAt([cohort(10, [[4, false]])], 0)).toBeNull();
  expect(averageAt([cohort(10, [[4, true]])], 5)).toBeNull();
});

test('the month in which the import begins is left out', () => {
  expect(averageAt([cohort(100, [[90, true]], true), cohort(50, [[5, true]])], 0)).toBe(0.1);
});

test('the line of LTV is weighted by people and ends where months are not over', () => {
  const line = averageLine([
    way(100, [
      [1000, true],
      [2000, true],
    ]),
    way(100, [
      [1000, true],
      [2000, true],
    ]),
    way(200, [
      [3000, true],
      [1, false],
    ]),
    way(
      900,
      [
        [90_000, true],
        [90_000, true],
      ],
      true,
    ),
  ]);
  expect(line).toEqual([{ offset: 0, value: 2000 }]);
});
