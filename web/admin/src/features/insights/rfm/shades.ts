/** The shade of a cell: steps, not a continuous scale, so that equal shades mean "about as many". */
import type { Rfm, RfmCell } from '../../../api/types';
import type { RfmView } from '../search';

export type Shade = { background: string; color: string };

const SEQUENCE = ['var(--s0)', 'var(--s1)', 'var(--s2)', 'var(--s3)', 'var(--s4)', 'var(--s5)', 'var(--s6)'];
/** Letters that stand out on the strong shades; the others carry the colour of text. */
const LETTERS: Record<string, string> = {
  'var(--s5)': 'var(--on-mark)',
  'var(--s6)': 'var(--on-mark)',
  'var(--d-3)': 'var(--on-mark)',
  'var(--d3)': 'var(--on-warm)',
};

function shade(background: string): Shade {
  return { background, color: LETTERS[background] ?? 'var(--text)' };
}

/** Where the steps begin, as shares of the largest cell. */
const STEPS = [0.02, 0.08, 0.18, 0.4, 0.72];

function sequential(value: number, largest: number): Shade {
  if (value <= 0 || largest <= 0) return shade('var(--s0)');
  const step = STEPS.filter((bound) => value / largest >= bound).length + 1;
  return shade(SEQUENCE[step] ?? 'var(--s6)');
}

/** Up to this share of the largest change a cell counts as unchanged. */
const EVEN = 0.04;

function diverging(difference: number, largest: number): Shade {
  const share = largest > 0 ? Math.abs(difference) / largest : 0;
  if (share < EVEN) return shade('var(--d0)');
  const step = share >= 0.5 ? 3 : share >= 0.2 ? 2 : 1;
  return shade(difference > 0 ? `var(--d${step})` : `var(--d-${step})`);
}

/** One shade of the legend and the figures that wear it; a missing end is open. */
export type LegendStep = { background: string; from: number | null; to: number | null };

const SIGNED = ['var(--d-3)', 'var(--d-2)', 'var(--d-1)', 'var(--d0)', 'var(--d1)', 'var(--d2)', 'var(--d3)'];

/** What each shade stands for, in whole figures; a shade that no figure can have is left out. */
export function legendOf(rfm: Rfm, view: RfmView): LegendStep[] {
  const largest = largestOf(rfm, view);
  const at = (share: number) => Math.max(1, Math.ceil(share * largest));
  if (view !== 'change') {
    const bounds = [1, ...STEPS.map(at)];
    const steps = bounds.map((from, index) => ({
      background: SEQUENCE[index + 1] ?? '',
      from,
      to: bounds[index + 1] === undefined ? null : (bounds[index + 1] ?? 0) - 1,
    }));
    return [{ background: 'var(--s0)', from: 0, to: 0 }, ...steps].filter(isPossible);
  }
  const [near, some, far] = [at(EVEN), at(0.2), at(0.5)];
  const ranges: [number | null, number | null][] = [
    [null, -far],
    [1 - far, -some],
    [1 - some, -near],
    [1 - near, near - 1],
    [near, some - 1],
    [some, far - 1],
    [far, null],
  ];
  return ranges
    .map(([from, to], index) => ({ background: SIGNED[index] ?? '', from, to }))
    .filter(isPossible);
}

const isPossible = ({ from, to }: LegendStep) => from === null || to === null || from <= to;

function largestOf(rfm: Rfm, view: RfmView): number {
  return Math.max(...rfm.cells.flat().map((cell) => Math.abs(figureOf(cell, view))), 0);
}

export function figureOf(cell: RfmCell, view: RfmView): number {
  if (view === 'sales') return cell.sales.minor;
  return view === 'people' ? cell.people : cell.people - cell.people_90d_ago;
}

export function shadesOf(rfm: Rfm, view: RfmView): (cell: RfmCell) => Shade {
  const largest = largestOf(rfm, view);
  return (cell) => (view === 'change' ? diverging : sequential)(figureOf(cell, view), largest);
}
