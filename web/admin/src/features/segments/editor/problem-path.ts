/** Which condition the server means when it refuses a tree: a pointer such as `/of/1/of/0` in its words. */
import { asProblem } from '../../../api/problem';
import type { Path } from '../tree';

export function problemPath(error: unknown): Path | null {
  const problem = asProblem(error);
  if (problem.code !== 'segment_invalid') return null;
  const pointer = /(?:\/of(?:\/\d+)?)+/.exec(problem.detail)?.[0];
  if (!pointer) return null;
  // A `not` has one child and no number: `/of` alone is its only place, 0.
  return [...pointer.matchAll(/\/of(?:\/(\d+))?/g)].map((found) => Number(found[1] ?? 0));
}
