/** Two averages on one page: each says whom it counts. */
import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import type { Ltv } from '../../api/types';
import { renderApp } from '../../testing/render';

const yen = (minor: number) => ({ minor, currency: 'JPY' });
const cohort = (month: string, figures: number[], is_import_start = false): Ltv['cohorts'][number] => ({
  month,
  size: 10,
  is_import_start,
  points: figures.map((minor, offset) => ({ offset, ltv: yen(minor), is_complete: true })),
});
const LTV: Ltv = {
  all: { people: 40, ltv: yen(270_000) },
  cohorts: [
    cohort('2025-12', [90_000, 600_000], true),
    cohort('2026-01', [60_000, 100_000]),
    cohort('2026-02', [60_000, 110_000]),
    cohort('2026-03', [60_000, 120_000]),
  ],
};

it('tells the average to date from the average at the same age, and how each is counted', async () => {
  await renderApp('/insights/ltv', { 'GET /api/insights/ltv': () => LTV });
  expect(await screen.findByRole('heading', { name: '初回の月に 6万円、1か月後までに 11万円' })).toBeTruthy();
  const figure = (name: string) =>
    screen.getByRole('button', { name }).closest('dt')?.nextElementSibling?.textContent;
  expect(figure('今日までの平均')).toBe('27万円');
  expect(figure('初回から1か月の平均')).toBe('11万円');
  expect(screen.getByText(/昔からのお客様を含むので大きく/)).toBeTruthy();
  expect(screen.getByText(/月数をそろえた平均です/)).toBeTruthy();
});
