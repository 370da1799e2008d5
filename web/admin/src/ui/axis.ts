/** Round numbers for an axis: 0, 10, 20, 30 rather than 0, 9.7, 19.4. */
export type Axis = { low: number; high: number; step: number; ticks: number[] };

export function axisFor(low: number, high: number, steps: number): Axis {
  const span = high - low || 1;
  const raw = span / Math.max(1, steps);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= raw) ?? 10) * power;
  const first = Math.floor(low / step + 1e-9) * step;
  const last = Math.ceil(high / step - 1e-9) * step;
  const ticks: number[] = [];
  for (let index = 0; first + index * step <= last + step / 2; index += 1) {
    // Rounding away what binary fractions leave behind, so that zero is zero.
    ticks.push(Number((first + index * step).toPrecision(12)));
  }
  return { low: first, high: last, step, ticks };
}
