/** Which condition the server means when it refuses a tree: a pointer such as `/of/1`, or the kind in backticks. */
import { asProblem } from '../../../api/problem';
import type { SegmentTree } from '../../../api/types';
import { children, type Path } from '../tree';

export function problemPath(error: unknown, tree: SegmentTree): Path | null {
  const problem = asProblem(error);
  if (problem.code !== 'segment_invalid') return null;
  const pointer = /(?:\/of(?:\/\d+)?)+/.exec(problem.detail)?.[0];
  // A `not` has one child and no number: `/of` alone is its only place, 0.
  if (pointer) return [...pointer.matchAll(/\/of(?:\/(\d+))?/g)].map((found) => Number(found[1] ?? 0));
  const kind = /`(\w+)`/.exec(problem.detail)?.[1];
  return kind ? firstOfKind(tree, kind, []) : null;
}

function firstOfKind(node: SegmentTree, kind: string, path: Path): Path | null {
  if (node.kind === kind) return path;
  for (const [index, child] of children(node).entries()) {
    const found = firstOfKind(child, kind, [...path, index]);
    if (found) return found;
  }
  return null;
}
