/** `class`: which class of lines is shown. */
export type ImportSearch = { class?: string };

export function readImportSearch(search: Record<string, unknown>): ImportSearch {
  return typeof search.class === 'string' ? { class: search.class } : {};
}
