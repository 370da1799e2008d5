/** A share that only grows, as a step line: it stays until the day on which somebody buys. */
export function stepPath(points: readonly { x: number; y: number }[]): string {
  return points
    .map(({ x, y }, index) =>
      index === 0 ? `M${x.toFixed(1)} ${y.toFixed(1)}` : `H${x.toFixed(1)}V${y.toFixed(1)}`,
    )
    .join('');
}

/** Two labels at the right end that would touch are pushed apart, the higher one up. */
export function apart(first: number, second: number, least: number): [number, number] {
  const gap = second - first;
  if (Math.abs(gap) >= least) return [first, second];
  const push = (least - Math.abs(gap)) / 2;
  return gap >= 0 ? [first - push, second + push] : [first + push, second - push];
}
