import { expect, it } from 'vitest';
import type { CohortMonth } from '../../api/types';
import { averageAt, rangeAt } from './cohort-rates';

const month = (name: string, rates: number[], known: Partial<CohortMonth> = {}): CohortMonth => ({
  month: name,
  size: 100,
  is_import_start: false,
  cells: rates.map((rate, offset) => ({
    offset,
    buyers: rate * 100,
    rate,
    sales: { minor: 0, currency: 'JPY' },
    is_complete: true,
    people_ref: name,
  })),
  ...known,
});

const MONTHS = [
  month('2025-12', [1, 0.5], { is_import_start: true }),
  month('2026-01', [1, 0.2]),
  month('2026-02', [1, 0.1]),
];

it('compares cohorts without the month in which the import begins', () => {
  expect(averageAt(MONTHS, 1)).toBeCloseTo(0.15);
  const range = rangeAt(MONTHS, 1, (cell) => cell.rate);
  expect([range?.low.rate, range?.high.rate]).toEqual([0.1, 0.2]);
});

it('finds nothing to compare in one cohort', () => {
  expect(rangeAt(MONTHS.slice(0, 2), 1, (cell) => cell.rate)).toBeNull();
});
