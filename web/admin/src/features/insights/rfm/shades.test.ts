/** The shades of the grid: read by everybody, in light and dark, and told apart by lightness as well as by hue. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Rfm } from '../../../api/types';
import { legendOf, shadesOf } from './shades';

const yen = (minor: number) => ({ minor, currency: 'JPY' });

/** One row of cells with these numbers of people, now and 90 days ago. */
function gridOf(people: number[], before = people): Rfm {
  return {
    as_of: '2026-11-13',
    r_bands: [{ from: 0, to: null }],
    f_bands: people.map((_, index) => ({ from: index + 1, to: index + 1 })),
    cells: [
      people.map((count, index) => ({
        people: count,
        people_90d_ago: before[index] ?? count,
        sales: yen(count * 10_000),
        people_ref: `${index}`,
      })),
    ],
    total: { people: people.reduce((sum, count) => sum + count, 0), sales: yen(0) },
    never_bought: { count: 0, people: 'never' },
  };
}

const THEME = join(import.meta.dirname, '../../../theme');

/** `--name: value` of the sheets, as the light or the dark page has them. */
function variables(scheme: 'light' | 'dark'): Map<string, string> {
  const text = ['tokens.css', 'base.css'].map((file) => readFileSync(join(THEME, file), 'utf8')).join('\n');
  const blocks = [...text.matchAll(/(:root|\[data-mantine-color-scheme="dark"\]) \{([^}]*)\}/g)];
  const read = (selector: string) =>
    blocks
      .filter(([, known]) => known === selector)
      .flatMap(([, , body]) => [...(body ?? '').matchAll(/(--[\w-]+):\s*([^;]+);/g)])
      .map(([, name, value]) => [name ?? '', value ?? ''] as const);
  const dark = scheme === 'dark' ? read('[data-mantine-color-scheme="dark"]') : [];
  return new Map([...read(':root'), ...dark]);
}

function luminance(known: Map<string, string>, value: string): number {
  const name = /^var\((.+)\)$/.exec(value)?.[1];
  if (name) return luminance(known, known.get(name) ?? '');
  const digits = value.slice(1).length === 3 ? value.slice(1).replaceAll(/./g, '$&$&') : value.slice(1);
  const [red = 0, green = 0, blue = 0] = [0, 2, 4].map((at) => {
    const part = Number.parseInt(digits.slice(at, at + 2), 16) / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

const STEPS = [0, 1, 20, 80, 180, 400, 720, 1000];
const PEOPLE = gridOf(STEPS);
const CHANGE = gridOf([0, 700, 850, 1000, 1150, 1300, 2000], [1000, 1000, 1000, 1000, 1000, 1000, 1000]);

describe.each(['light', 'dark'] as const)('the shades on a %s page', (scheme) => {
  const known = variables(scheme);

  it.each([
    ['people', PEOPLE],
    ['change', CHANGE],
  ] as const)('let every figure of %s be read (4.5 : 1)', (view, rfm) => {
    const shade = shadesOf(rfm, view);
    const contrasts = rfm.cells.flat().map((cell) => {
      const { background, color } = shade(cell);
      const [high, low] = [luminance(known, background), luminance(known, color)].sort((a, b) => b - a);
      return ((high ?? 0) + 0.05) / ((low ?? 0) + 0.05);
    });
    expect(contrasts.filter((contrast) => contrast < 4.5)).toEqual([]);
  });

  it('step from few to many in lightness alone, so that no kind of sight mixes them up', () => {
    const shade = shadesOf(PEOPLE, 'people');
    const steps = [...new Set(PEOPLE.cells.flat().map((cell) => shade(cell).background))];
    const lights = steps.map((background) => luminance(known, background));
    const isRising = scheme === 'dark';
    expect(steps).toHaveLength(7);
    expect([...lights].sort((one, other) => (isRising ? one - other : other - one))).toEqual(lights);
  });
});

describe('the legend', () => {
  it('says for each shade the figures that wear it', () => {
    const shade = shadesOf(PEOPLE, 'people');
    for (const cell of PEOPLE.cells.flat()) {
      const step = legendOf(PEOPLE, 'people').find(({ background }) => background === shade(cell).background);
      expect(cell.people).toBeGreaterThanOrEqual(step?.from ?? -1);
      expect(cell.people).toBeLessThanOrEqual(step?.to ?? Number.POSITIVE_INFINITY);
    }
  });

  it('says it of fewer and of more', () => {
    expect(legendOf(CHANGE, 'change').map(({ from, to }) => [from, to])).toEqual([
      [null, -500],
      [-499, -200],
      [-199, -40],
      [-39, 39],
      [40, 199],
      [200, 499],
      [500, null],
    ]);
  });

  it('leaves out what no figure can have when the grid is small', () => {
    expect(legendOf(gridOf([3, 1]), 'people').map(({ from, to }) => [from, to])).toEqual([
      [0, 0],
      [1, 1],
      [2, 2],
      [3, null],
    ]);
  });
});
