import { expect, it } from 'vitest';
import { axisFor } from './axis';
import { toCsv } from './csv';

it('quotes what needs it, ends lines for Excel, and lets no cell become a formula', () => {
  expect(
    toCsv(
      ['名前', '金額'],
      [
        ['森下, "千尋"', 12],
        ['=1+1', null],
      ],
    ),
  ).toBe('\ufeff名前,金額\r\n"森下, ""千尋""",12\r\n\'=1+1,\r\n');
});

it('chooses round steps for an axis and keeps zero exact', () => {
  expect(axisFor(0, 48.9, 4).ticks).toEqual([0, 20, 40, 60]);
  expect(axisFor(-7.6, 19.7, 4).ticks).toEqual([-10, 0, 10, 20]);
  expect(axisFor(-0.3, 0.1, 4).ticks).toContain(0);
});
