/** What the addresses of the customer pages hold: search, order, and the set of people that is shown. */
import type { CustomerSort, TimelineFilter } from '../../api/types';

export const SORTS: readonly CustomerSort[] = ['last_order', 'sales', 'orders', 'kana'];
export const FILTERS: readonly TimelineFilter[] = ['all', 'orders', 'contacts'];
/** Who is listed, where no segment says it. */
export const WHO = ['bought', 'member', 'reachable'] as const;
export type Who = (typeof WHO)[number];
export type CustomersSearch = {
  q?: string | undefined;
  sort?: CustomerSort | undefined;
  who?: Who | undefined;
  segment?: string | undefined;
  selection?: string | undefined;
  /** What the selected set is called. */
  title?: string | undefined;
};
export type CardSearch = { filter?: TimelineFilter };

export function readCustomersSearch(search: Record<string, unknown>): CustomersSearch {
  const read: CustomersSearch = {};
  if (typeof search.q === 'string' || typeof search.q === 'number') read.q = String(search.q);
  const sort = SORTS.find((known) => known === search.sort);
  if (sort && sort !== 'last_order') read.sort = sort;
  const who = WHO.find((known) => known === search.who);
  if (who) read.who = who;
  if (typeof search.segment === 'string') read.segment = search.segment;
  if (typeof search.selection === 'string') read.selection = search.selection;
  if (typeof search.title === 'string') read.title = search.title;
  return read;
}

export function readCardSearch(search: Record<string, unknown>): CardSearch {
  const filter = FILTERS.find((known) => known === search.filter);
  return filter && filter !== 'all' ? { filter } : {};
}
