/** An interval on an axis whose strongest line is “no difference”: band, line and point, without a verdict's colour. */
import type { Interval } from '../api/types';
import { axisFor } from './axis';

type Props = {
  interval: Interval;
  label: string;
  versus: string;
  zeroLabel: string;
  format: (value: number) => string;
  /** The estimate and both ends, as they are written at the right. */
  estimate: string;
  range: string;
};

const WIDTH = 660;
const LEFT = 150;
const RIGHT = 520;

export function IntervalBar({ interval, label, versus, zeroLabel, format, estimate, range }: Props) {
  const axis = axisFor(Math.min(interval.low, 0), Math.max(interval.high, 0), 4);
  const at = (value: number) => LEFT + ((value - axis.low) / (axis.high - axis.low)) * (RIGHT - LEFT);
  return (
    <svg viewBox={`0 0 ${WIDTH} 80`} width="100%" role="img" aria-label={`${label}: ${estimate} (${range})`}>
      {axis.ticks.map((tick) => (
        <g key={tick}>
          <line
            x1={at(tick)}
            x2={at(tick)}
            y1="6"
            y2="56"
            stroke={tick === 0 ? 'var(--c-zero)' : 'var(--c-grid)'}
            strokeWidth={tick === 0 ? 1.5 : 1}
          />
          <text x={at(tick)} y="72" textAnchor="middle" fontSize="11.5" fill="var(--text-2)">
            {tick === 0 ? zeroLabel : format(tick)}
          </text>
        </g>
      ))}
      <text x="0" y="24" fontSize="13.5" fontWeight="600" fill="var(--text)">
        {label}
      </text>
      <text x="0" y="41" fontSize="11.5" fill="var(--text-2)">
        {versus}
      </text>
      <rect
        x={at(interval.low)}
        y="20"
        width={Math.max(2, at(interval.high) - at(interval.low))}
        height="12"
        rx="6"
        fill="var(--c1)"
        opacity=".26"
      />
      <line x1={at(interval.low)} x2={at(interval.high)} y1="26" y2="26" stroke="var(--c1)" strokeWidth="2" />
      <circle
        cx={at(interval.estimate)}
        cy="26"
        r="6"
        fill="var(--c1)"
        stroke="var(--surface)"
        strokeWidth="2"
      />
      <text x={WIDTH} y="24" textAnchor="end" fontSize="15" fontWeight="700" fill="var(--text)">
        {estimate}
      </text>
      <text x={WIDTH} y="41" textAnchor="end" fontSize="11.5" fill="var(--text-2)">
        {range}
      </text>
    </svg>
  );
}
