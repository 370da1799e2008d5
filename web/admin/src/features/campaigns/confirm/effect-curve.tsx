/** The curve of the detectable effect; the chosen share is the large mark. */
import { useElementSize } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../../format/number';
import { axisFor } from '../../../ui/axis';
import { atHoldout, type Detectable, wholePoints } from '../arithmetic';
import { effectCurve } from '../curve';

const HEIGHT = 196;
const LEFT = 34;
const RIGHT = 22;
const TOP = 22;
const BOTTOM = 28;
const LEAST = 0.05;
const MOST = 0.5;

type Props = { given: readonly Detectable[]; holdout: number };

export function EffectCurve({ given, holdout }: Props) {
  const { t } = useTranslation('campaigns');
  const { ref, width: measured } = useElementSize();
  const width = Math.max(240, measured || 430);
  const curve = effectCurve(given, LEAST, MOST, 45);
  const chosen = atHoldout(given, holdout)?.points ?? null;
  if (curve.length === 0) return null;
  const axis = axisFor(0, Math.max(...curve.map((one) => one.points)) * 100, 4);
  const x = (share: number) => LEFT + ((share - LEAST) / (MOST - LEAST)) * (width - LEFT - RIGHT);
  const y = (points: number) => HEIGHT - BOTTOM - ((points * 100) / axis.high) * (HEIGHT - TOP - BOTTOM);
  const label = t('detectable.curve', {
    points: chosen === null ? '–' : wholePoints(chosen),
    share: holdout,
  });
  return (
    <div ref={ref}>
      <svg
        viewBox={`0 0 ${width} ${HEIGHT}`}
        width={width}
        height={HEIGHT}
        role="img"
        aria-label={label}
        style={{ maxWidth: '100%' }}
      >
        {axis.ticks.map((tick) => (
          <g key={tick}>
            <line
              x1={LEFT}
              x2={width - RIGHT + 8}
              y1={y(tick / 100)}
              y2={y(tick / 100)}
              stroke={tick === 0 ? 'var(--c-zero)' : 'var(--c-grid)'}
            />
            <text x={LEFT - 7} y={y(tick / 100) + 4} textAnchor="end" fontSize="11.5" fill="var(--text-2)">
              {formatNumber(tick)}
            </text>
          </g>
        ))}
        <polyline
          fill="none"
          stroke="var(--c1)"
          strokeWidth="2"
          points={curve.map((one) => `${x(one.holdout).toFixed(1)},${y(one.points).toFixed(1)}`).join(' ')}
        />
        {given.map((one) => (
          <Mark key={one.holdout} point={one} x={x} y={y} isChosen={Math.abs(one.holdout - holdout) < 1e-9} />
        ))}
      </svg>
    </div>
  );
}

type MarkProps = {
  point: Detectable;
  x: (share: number) => number;
  y: (points: number) => number;
  isChosen: boolean;
};

function Mark({ point, x, y, isChosen }: MarkProps) {
  const { holdout, points } = point;
  if (points === null) return null;
  return (
    <g>
      <circle
        cx={x(holdout)}
        cy={y(points)}
        r={isChosen ? 5.5 : 3.5}
        fill={isChosen ? 'var(--attn-mark)' : 'var(--surface)'}
        stroke={isChosen ? 'var(--attn-mark)' : 'var(--c1)'}
        strokeWidth="2"
      />
      <text
        x={x(holdout)}
        y={y(points) - 12}
        textAnchor="middle"
        fontSize="12.5"
        fontWeight={isChosen ? 700 : 500}
        fill="var(--text)"
      >
        {wholePoints(points)}
      </text>
      <text x={x(holdout)} y={HEIGHT - 8} textAnchor="middle" fontSize="11.5" fill="var(--text-2)">
        {formatNumber(holdout * 100)} %
      </text>
    </g>
  );
}
