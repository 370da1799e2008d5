/** Axes of the result's charts: round numbers, zero always in sight, the same shares for every width. */
export type Axis = { from: number; to: number; ticks: number[] };

/** 1, 2 or 5 times a power of ten, so that about `count` ticks fit. */
export function roundStep(span: number, count: number): number {
  const rough = span / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const times = [1, 2, 5, 10].find((one) => one * power >= rough * 0.999) ?? 10;
  return times * power;
}

/** An axis that holds the interval and "no difference" (0) with some air at both ends. */
export function intervalAxis(low: number, high: number): Axis {
  const least = Math.min(low, 0);
  const most = Math.max(high, 0);
  const span = most - least || 1;
  const step = roundStep(span, 3);
  const from = least - span * 0.16;
  const to = most + span * 0.16;
  return { from, to, ticks: ticksBetween(from, to, step) };
}

/** An axis from zero for shares that only grow. */
export function shareAxis(most: number): Axis {
  const top = most > 0 ? most : 0.01;
  const step = roundStep(top, 3);
  const to = Math.ceil((top * 1.04) / step) * step;
  return { from: 0, to, ticks: ticksBetween(0, to, step) };
}

function ticksBetween(from: number, to: number, step: number): number[] {
  const ticks: number[] = [];
  for (let n = Math.ceil(from / step); n * step <= to + step * 1e-9; n += 1) {
    ticks.push(n === 0 ? 0 : Number((n * step).toPrecision(12)));
  }
  return ticks;
}

export const place = (axis: Axis, value: number): number => (value - axis.from) / (axis.to - axis.from);

/** A step line as an SVG path: the share stays until the day on which somebody buys. */
export function stepPath(points: readonly { x: number; y: number }[]): string {
  return points.map(({ x, y }, index) => (index === 0 ? `M${r(x)} ${r(y)}` : `H${r(x)}V${r(y)}`)).join('');
}

const r = (value: number): string => value.toFixed(1);
