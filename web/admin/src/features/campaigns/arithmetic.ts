/** The arithmetic of the confirmation page: how the doors of the funnel add up, and what stands beside them. */
import type { Confirm } from '../../api/types';

type Step = Confirm['steps'][number];

/** One door of the funnel. Shares are of the chosen people, 0 to 1. */
export type Door = {
  code: Step['code'];
  count: number;
  people: string;
  /** Who is still there after this door. */
  left: number;
  leftShare: number;
  lostShare: number;
};

export const shareOf = (part: number, whole: number): number => (whole > 0 ? part / whole : 0);

/** Each door begins where the one before it ended. */
export function funnelDoors(chosen: number, steps: readonly Step[]): Door[] {
  let left = chosen;
  return steps.map((step) => {
    left -= step.count;
    return {
      ...step,
      left,
      leftShare: shareOf(left, chosen),
      lostShare: shareOf(step.count, chosen),
    };
  });
}

/** True when chosen − doors = sendable = control + send. A page that does not add up says so. */
export function addsUp(confirm: Confirm): boolean {
  const lost = confirm.steps.reduce((sum, step) => sum + step.count, 0);
  return confirm.chosen - lost === confirm.sendable && confirm.control + confirm.send === confirm.sendable;
}

export type Detectable = Confirm['detectable'][number];

export const atHoldout = (curve: readonly Detectable[], holdout: number): Detectable | null =>
  curve.find((point) => Math.abs(point.holdout - holdout) < 1e-9) ?? null;

/** The next larger comparison group that can tell a smaller effect: an honest offer, not a demand. */
export function betterHoldout(curve: readonly Detectable[], holdout: number): Detectable | null {
  const now = atHoldout(curve, holdout)?.points ?? null;
  return (
    curve.find(
      (point) => point.holdout > holdout && point.points !== null && (now === null || point.points < now),
    ) ?? null
  );
}

/** The bought share from which on a difference can be told: base + detectable, at most 1. */
export const reachableRate = (base_rate: number, points: number): number => Math.min(1, base_rate + points);

/** Fractions to whole percentage points, as the headline says them; rounds away from the promise (up). */
export const wholePoints = (fraction: number): number => Math.ceil(fraction * 100 - 1e-9);
