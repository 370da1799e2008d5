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

function diverging(difference: number, largest: number): Shade {
  const share = largest > 0 ? Math.abs(difference) / largest : 0;
  if (share < 0.04) return shade('var(--d0)');
  const step = share >= 0.5 ? 3 : share >= 0.2 ? 2 : 1;
  return shade(difference > 0 ? `var(--d${step})` : `var(--d-${step})`);
}

export function figureOf(cell: RfmCell, view: RfmView): number {
  if (view === 'sales') return cell.sales.minor;
  return view === 'people' ? cell.people : cell.people - cell.people_90d_ago;
}

export function shadesOf(rfm: Rfm, view: RfmView): (cell: RfmCell) => Shade {
  const largest = Math.max(...rfm.cells.flat().map((cell) => Math.abs(figureOf(cell, view))), 0);
  return (cell) => (view === 'change' ? diverging : sequential)(figureOf(cell, view), largest);
}
