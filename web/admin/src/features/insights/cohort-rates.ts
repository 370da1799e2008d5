/** Averages over cohorts. The month in which the import begins holds old customers too and is left out. */
import type { CohortCell, CohortMonth } from '../../api/types';

/** The share that bought `offset` months later, over all cohorts for which that month is over; null when none is. */
export function averageAt(months: CohortMonth[], offset: number): number | null {
  const old = months.flatMap((month) => {
    const cell = month.is_import_start ? undefined : month.cells.find((known) => known.offset === offset);
    return cell?.is_complete ? [{ size: month.size, buyers: cell.buyers }] : [];
  });
  const size = old.reduce((sum, month) => sum + month.size, 0);
  return size === 0 ? null : old.reduce((sum, month) => sum + month.buyers, 0) / size;
}

/** The cells with the lowest and the highest `figure` `offset` months later; null when fewer than two cohorts are old enough. */
export function rangeAt(
  months: CohortMonth[],
  offset: number,
  figure: (cell: CohortCell) => number,
): { low: CohortCell; high: CohortCell } | null {
  const cells = months
    .flatMap((month) => (month.is_import_start ? [] : month.cells))
    .filter((cell) => cell.offset === offset && cell.is_complete)
    .sort((one, other) => figure(one) - figure(other));
  const [low, high] = [cells[0], cells.at(-1)];
  return cells.length > 1 && low && high ? { low, high } : null;
}

export function largestOffset(months: CohortMonth[]): number {
  return Math.max(0, ...months.flatMap((month) => month.cells.map((cell) => cell.offset)));
}
