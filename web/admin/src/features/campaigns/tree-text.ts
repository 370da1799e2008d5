/** A segment's tree that another page hands over in the address; what is no tree is nothing. */
import type { SegmentTree } from '../../api/types';

export function treeFromText(text: string | undefined): SegmentTree | null {
  if (!text) return null;
  try {
    const tree: unknown = JSON.parse(text);
    return typeof tree === 'object' && tree !== null && 'kind' in tree ? (tree as SegmentTree) : null;
  } catch {
    return null;
  }
}
