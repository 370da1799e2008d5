/** `tree`: a segment handed over from another page, as JSON. */
import type { SegmentTree } from '../../api/types';

export type NewSegmentSearch = { tree?: string; name?: string };

export function readNewSegmentSearch(search: Record<string, unknown>): NewSegmentSearch {
  const read: NewSegmentSearch = {};
  if (typeof search.tree === 'string') read.tree = search.tree;
  // The router reads values that look like JSON by itself.
  else if (typeof search.tree === 'object' && search.tree !== null) read.tree = JSON.stringify(search.tree);
  if (typeof search.name === 'string') read.name = search.name;
  return read;
}

/** A tree out of an address; what is no tree is nothing. */
export function treeFromText(text: string | undefined): SegmentTree | null {
  if (!text) return null;
  try {
    const tree: unknown = JSON.parse(text);
    return typeof tree === 'object' && tree !== null && 'kind' in tree ? (tree as SegmentTree) : null;
  } catch {
    return null;
  }
}
