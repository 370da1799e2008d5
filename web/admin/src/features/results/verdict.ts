/** What a result says: where an interval lies, and how the page words it. Colours never judge, words do. */
import type { CampaignResult, Interval } from '../../api/types';

export type Side = 'cross' | 'above' | 'below';

/** An end that touches zero still crosses "no difference". */
export function sideOf({ low, high }: Interval): Side {
  if (low > 0) return 'above';
  return high < 0 ? 'below' : 'cross';
}

/** The key of the sentence over both intervals, e.g. `both_cross`, or `mixed` when they differ. */
export function intervalFinding(result: Pick<CampaignResult, 'rate' | 'sales'>): string {
  const { rate, sales } = result;
  if (!rate && !sales) return 'none';
  if (!rate || !sales) return `one_${sideOf((rate ?? sales) as Interval)}`;
  const [left, right] = [sideOf(rate), sideOf(sales)];
  return left === right ? `both_${left}` : 'mixed';
}

export type Harm = 'stopped' | 'over' | 'more' | 'none';

/** Twice the usual and half-way to the line is worth a word; the line itself stops the sending. */
export function harmLevel({ rate, usual, stop_line, stopped }: CampaignResult['harm']): Harm {
  if (stopped) return 'stopped';
  if (rate >= stop_line) return 'over';
  const isFar = rate >= stop_line / 2;
  return usual !== null && isFar && rate >= usual * 2 ? 'more' : 'none';
}

export const totalBuyers = ({ treated, control }: CampaignResult): number => treated.buyers + control.buyers;
