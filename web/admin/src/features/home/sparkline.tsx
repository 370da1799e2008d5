/** A thin line of weeks; the weeks of the compared period stand on a soft ground. */
const WIDTH = 150;
const HEIGHT = 34;
const EDGE = 4;

type Props = { values: number[]; shaded: number; label: string };

export function Sparkline({ values, shaded, label }: Props) {
  if (values.length < 2) return null;
  const low = Math.min(...values);
  const span = Math.max(...values) - low || 1;
  const x = (index: number) => 2 + (index / (values.length - 1)) * (WIDTH - 8);
  const y = (value: number) => HEIGHT - EDGE - ((value - low) / span) * (HEIGHT - 2 * EDGE - 1);
  const start = x(Math.max(0, values.length - shaded)) - 2;
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      width="100%"
      height={HEIGHT}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
      style={{ display: 'block' }}
    >
      <rect x={start} y="0" width={WIDTH - start} height={HEIGHT} fill="var(--accent-soft)" />
      <polyline
        fill="none"
        stroke="var(--c1)"
        strokeWidth="1.5"
        vectorEffect="non-scaling-stroke"
        strokeLinejoin="round"
        points={values.map((value, index) => `${x(index)},${y(value)}`).join(' ')}
      />
    </svg>
  );
}
