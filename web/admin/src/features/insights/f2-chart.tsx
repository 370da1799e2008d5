/** Bars of finished months; months that are still measured stand as dashed frames without a height of their own. */
import { useTranslation } from 'react-i18next';
import type { F2 } from '../../api/types';
import { formatMonthShort } from '../../format/day';
import { formatNumber, formatPercent } from '../../format/number';
import { axisFor } from '../../ui/axis';
import { Plot } from '../../ui/plot';

const HEIGHT = 320;
const BASE = 284;
const TOP = 20;
const LEFT = 30;

export function F2Chart({ f2 }: { f2: F2 }) {
  const { t } = useTranslation('insights');
  return (
    <Plot height={HEIGHT} label={t('f2.chart', { days: f2.window_days })} fallbackWidth={660}>
      {(width) => <Bars f2={f2} width={width} />}
    </Plot>
  );
}

function Bars({ f2, width }: { f2: F2; width: number }) {
  const { t } = useTranslation('insights');
  const rates = f2.cohorts.flatMap((cohort) =>
    cohort.state === 'final' && cohort.rate !== null ? [cohort.rate] : [],
  );
  const axis = axisFor(0, Math.max(0.1, ...rates) * 100, 4);
  const y = (percent: number) => BASE - (percent / axis.high) * (BASE - TOP);
  const slot = (width - LEFT) / f2.cohorts.length;
  const bar = Math.min(44, slot * 0.62);
  const average = y(f2.average.rate * 100);
  const size = slot < 34 ? 10 : 11.5;
  return (
    <>
      {axis.ticks.map((tick) => (
        <g key={tick}>
          <line
            x1={LEFT}
            x2={width}
            y1={y(tick)}
            y2={y(tick)}
            stroke={tick === 0 ? 'var(--c-zero)' : 'var(--c-grid)'}
          />
          <text x={LEFT - 6} y={y(tick) + 4} textAnchor="end" fontSize="11.5" fill="var(--text-2)">
            {formatNumber(tick)}
          </text>
        </g>
      ))}
      <line x1={LEFT} x2={width} y1={average} y2={average} stroke="var(--text)" strokeDasharray="2 3" />
      {f2.cohorts.map((cohort, index) => {
        const x = LEFT + index * slot + (slot - bar) / 2;
        const isFinal = cohort.state === 'final' && cohort.rate !== null;
        const top = isFinal ? y((cohort.rate ?? 0) * 100) : y(axis.high * 0.12);
        return (
          <g key={cohort.month}>
            <rect
              x={x}
              y={top}
              width={bar}
              height={BASE - top}
              rx="2"
              fill={isFinal ? 'var(--c1)' : 'none'}
              stroke={isFinal ? 'none' : 'var(--c-base)'}
              strokeDasharray="4 3"
            />
            <text
              x={x + bar / 2}
              y={top - 7}
              textAnchor="middle"
              paintOrder="stroke"
              stroke="var(--surface)"
              strokeWidth="4"
              fontSize={size}
              fontWeight={isFinal ? 600 : 400}
              fill={isFinal ? 'var(--text)' : 'var(--text-2)'}
            >
              {isFinal ? formatNumber((cohort.rate ?? 0) * 100, 1) : ''}
            </text>
            <text x={x + bar / 2} y={BASE + 18} textAnchor="middle" fontSize={size} fill="var(--text-2)">
              {formatMonthShort(cohort.month)}
            </text>
            <title>
              {`${formatMonthShort(cohort.month)}: ${isFinal ? formatPercent(cohort.rate ?? 0) : t(`f2.state.${cohort.state}`)}`}
            </title>
          </g>
        );
      })}
    </>
  );
}
