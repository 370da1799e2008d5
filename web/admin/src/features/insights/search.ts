/** What the addresses of the insight pages hold. Bands and cells are short lists: `r=30-60`, `cells=2-2_2-3`. */
export type RfmView = 'people' | 'sales' | 'change';
export const RFM_VIEWS: readonly RfmView[] = ['people', 'sales', 'change'];
export type RfmSearch = {
  r?: string | undefined;
  f?: string | undefined;
  view?: RfmView | undefined;
  cells?: string | undefined;
  /** The grid as a table. */
  table?: boolean | undefined;
};
export const DECILE_DAYS = [90, 180, 365] as const;
export type DecileSearch = { days?: number };
export type CohortView = 'rate' | 'buyers' | 'sales';
export const COHORT_VIEWS: readonly CohortView[] = ['rate', 'buyers', 'sales'];
export type CohortSearch = { view?: CohortView };

export function readRfmSearch(search: Record<string, unknown>): RfmSearch {
  const read: RfmSearch = {};
  const r = readBounds(search.r);
  const f = readBounds(search.f);
  if (r) read.r = r;
  if (f) read.f = f;
  const view = RFM_VIEWS.find((known) => known === search.view);
  if (view && view !== 'people') read.view = view;
  if (search.table === true) read.table = true;
  if (typeof search.cells === 'string' && /^\d+-\d+(_\d+-\d+)*$/.test(search.cells))
    read.cells = search.cells;
  return read;
}

/** Bounds must rise: "30-60-90". One bound alone may arrive as a number. */
function readBounds(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string' || !/^\d+(-\d+)*$/.test(text)) return undefined;
  const bounds = text.split('-').map(Number);
  const isRising = bounds.every((bound, index) => index === 0 || bound > (bounds[index - 1] ?? 0));
  return isRising ? text : undefined;
}

export function readDecileSearch(search: Record<string, unknown>): DecileSearch {
  const days = DECILE_DAYS.find((known) => known === Number(search.days));
  return days === undefined || days === 365 ? {} : { days };
}

export function readCohortSearch(search: Record<string, unknown>): CohortSearch {
  const view = COHORT_VIEWS.find((known) => known === search.view);
  return view && view !== 'rate' ? { view } : {};
}
