/** Figures of the demo shop for the tests of ホーム. */
import type { Home } from '../../api/types';

const yen = (minor: number) => ({ minor, currency: 'JPY' });

export const HOME: Home = {
  period: { from: '2026-10-17', to: '2026-11-13' },
  before: { from: '2026-09-19', to: '2026-10-16' },
  sales: { now: yen(151_790_000), before: yen(149_830_000), change: 0.013 },
  orders: { now: 2001, before: 1767, change: 0.132 },
  average_order: { now: yen(75_858), before: yen(84_792), change: -0.105 },
  effect_of_orders: yen(19_840_000),
  effect_of_average: yen(-17_880_000),
  refunds: { now: yen(-3_200_000), before: yen(-2_900_000) },
  buyers: { now: 1420, before: 1293, change: 0.098, first: 326, first_before: 337, people: 'buyers' },
  biggest_day: { day: '2026-09-22', amount: yen(15_520_000), in: 'before' },
  weekly: [
    { week: '2026-10-30', orders: 480, average_order: 70_000, buyers: 350 },
    { week: '2026-11-06', orders: 520, average_order: 76_000, buyers: 380 },
  ],
  f2: {
    cohorts: [
      { month: '2025-12', first: 885, second: 700, rate: null, state: 'import_start' },
      { month: '2026-06', first: 235, second: 90, rate: 0.383, state: 'final' },
      { month: '2026-07', first: 191, second: 83, rate: 0.436, state: 'final' },
      { month: '2026-08', first: 167, second: 40, rate: null, state: 'measuring' },
    ],
  },
  findings: [
    {
      code: 'regulars_away',
      count: 423,
      params: { orders_min: 3, days: 60, share: 0.091, sales: yen(99_100_000) },
      people: 'away',
      segment: { kind: 'recency', is: 'gte', days: 61 },
    },
  ],
  campaigns: [],
};
