/**
 * The curve of the detectable effect over the share of the comparison group.
 *
 * The server gives points at a few shares. Between them the effect follows √(1/s + 1/c) of the two groups
 * (two-sample comparison of shares with a common base rate), so that factor is interpolated, not the effect:
 * the curve passes through every given point exactly.
 */
import type { Detectable } from './arithmetic';

const spread = (holdout: number): number => Math.sqrt(1 / (1 - holdout) + 1 / holdout);

export type CurvePoint = { holdout: number; points: number };

export function effectCurve(
  given: readonly Detectable[],
  from: number,
  to: number,
  steps: number,
): CurvePoint[] {
  const known = given
    .filter((one): one is Detectable & { points: number } => one.points !== null && one.holdout > 0)
    .map((one) => ({ holdout: one.holdout, factor: one.points / spread(one.holdout) }))
    .sort((left, right) => left.holdout - right.holdout);
  if (known.length === 0) return [];
  return Array.from({ length: steps + 1 }, (_, index) => {
    const holdout = from + ((to - from) * index) / steps;
    return { holdout, points: factorAt(known, holdout) * spread(holdout) };
  });
}

/** Linear between the known shares, level outside of them. */
function factorAt(known: { holdout: number; factor: number }[], holdout: number): number {
  const right = known.findIndex((one) => one.holdout >= holdout);
  const last = known.at(-1);
  if (right === -1) return last?.factor ?? 0;
  const after = known[right];
  const before = known[right - 1];
  if (!after) return 0;
  if (!before) return after.factor;
  const way = (holdout - before.holdout) / (after.holdout - before.holdout);
  return before.factor + (after.factor - before.factor) * way;
}
