/** Cells of the RFM grid in words: an area says its days and its orders, anything else how many cells it has. */
import type { Translate } from './describe';
import type { Condition } from './tree';

type Rfm = Condition & { kind: 'rfm' };
type Span = { from: number; to: number | null };

/** The first and the last of neighbouring places, or null when there is a gap. */
function run(places: number[]): [number, number] | null {
  const sorted = [...new Set(places)].sort((one, other) => one - other);
  const [first, last] = [sorted[0], sorted.at(-1)];
  return first !== undefined && last !== undefined && last - first + 1 === sorted.length
    ? [first, last]
    : null;
}

/** Days and orders of the area that the cells fill, or null when they fill none. */
export function areaOf({ r, f, cells }: Rfm): { r: Span; f: Span } | null {
  const rows = run(cells.map(([row]) => row));
  const columns = run(cells.map(([, column]) => column));
  if (!rows || !columns) return null;
  const size = (rows[1] - rows[0] + 1) * (columns[1] - columns[0] + 1);
  if (new Set(cells.map(String)).size !== size) return null;
  const nextFrom = f[columns[1] + 1];
  return {
    r: { from: rows[0] === 0 ? 0 : (r[rows[0] - 1] ?? 0) + 1, to: r[rows[1]] ?? null },
    f: { from: f[columns[0]] ?? 1, to: nextFrom === undefined ? null : nextFrom - 1 },
  };
}

export function rfmText(node: Rfm, t: Translate): string {
  const area = areaOf(node);
  if (!area) return t('say.rfm_count', { count: node.cells.length });
  const { r, f } = area;
  const days = r.to === null ? (r.from === 0 ? 'any' : 'over') : r.from === 0 ? 'within' : 'between';
  const orders = f.to === null ? 'over' : f.from === f.to ? 'exactly' : 'between';
  return t('say.rfm', { recency: t(`rfm_days.${days}`, r), frequency: t(`rfm_orders.${orders}`, f) });
}
