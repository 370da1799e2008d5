/** How a figure of the grid is written, in its cells, their sums and the legend. */
import { majorUnits } from '../../../format/money';
import { formatNumber, formatSigned } from '../../../format/number';
import { currentLanguage } from '../../../i18n/language';
import type { RfmView } from '../search';

type Scale = { name: 'man' | 'million' | 'thousand'; by: number; digits: number };

/** Sales stand in 万円, in millions of yen or in thousands, so that cells stay readable; the unit is said beside them. */
export function salesScale(currency: string): Scale {
  if (currency !== 'JPY') return { name: 'thousand', by: 1000, digits: 0 };
  if (currentLanguage() === 'ja') return { name: 'man', by: 10_000, digits: 0 };
  return { name: 'million', by: 1_000_000, digits: 1 };
}

export function figure(value: number, view: RfmView, currency: string): string {
  if (view === 'people') return formatNumber(value);
  if (view === 'change') return formatSigned(value);
  const { by, digits } = salesScale(currency);
  return formatNumber(majorUnits({ minor: value, currency }) / by, digits);
}
