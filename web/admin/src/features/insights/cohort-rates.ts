/** Averages over cohorts. The month in which the import begins holds old customers too and is left out. */
import type { CohortMonth } from '../../api/types';

/** The share that bought `offset` months later, over all cohorts for which that month is over; null when none is. */
export function averageAt(months: CohortMonth[], offset: number): number | null {
  const old = months.flatMap((month) => {
    const cell = month.is_import_start ? undefined : month.cells.find((known) => known.offset === offset);
    return cell?.is_complete ? [{ size: month.size, buyers: cell.buyers }] : [];
  });
  const size = old.reduce((sum, month) => sum + month.size, 0);
  return size === 0 ? null : old.reduce((sum, month) => sum + month.buyers, 0) / size;
}

export function largestOffset(months: CohortMonth[]): number {
  return Math.max(0, ...months.flatMap((month) => month.cells.map((cell) => cell.offset)));
}
