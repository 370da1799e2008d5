/** A line per cohort: the average in ink-green, single months pale, the month in which the import begins dashed. */
import { useTranslation } from 'react-i18next';
import type { LtvCohort } from '../../api/types';
import { formatMonthShort } from '../../format/day';
import { formatMoneyShort } from '../../format/money';
import { axisFor } from '../../ui/axis';
import { Plot } from '../../ui/plot';

const HEIGHT = 300;
const BASE = 266;
const TOP = 14;

type Props = { cohorts: LtvCohort[]; label: string };
type Point = { offset: number; value: number };

/** Cohorts behind a point of the average: with fewer, the line would follow which ones drop out. */
const COHORTS_MIN = 3;

/**
 * Over all cohorts for which the month is over, weighted by their size; the import's first month is left out. The line
 * ends where few cohorts are left.
 */
export function averageLine(cohorts: LtvCohort[]): Point[] {
  const counted = cohorts.filter((cohort) => !cohort.is_import_start);
  const line: Point[] = [];
  for (let offset = 0; ; offset += 1) {
    const old = counted.flatMap((cohort) => {
      const point = cohort.points.find((known) => known.offset === offset);
      return point?.is_complete ? [{ size: cohort.size, sum: cohort.size * point.ltv.minor }] : [];
    });
    if (old.length < Math.min(COHORTS_MIN, Math.max(1, counted.length))) return line;
    const size = old.reduce((sum, cohort) => sum + cohort.size, 0);
    line.push({ offset, value: size > 0 ? old.reduce((sum, cohort) => sum + cohort.sum, 0) / size : 0 });
  }
}

export function LtvChart({ cohorts, label }: Props) {
  return (
    <Plot height={HEIGHT} label={label} fallbackWidth={900}>
      {(width) => <Lines cohorts={cohorts} width={width} />}
    </Plot>
  );
}

function Lines({ cohorts, width }: { cohorts: LtvCohort[]; width: number }) {
  const { t } = useTranslation('insights');
  const currency = cohorts[0]?.points[0]?.ltv.currency ?? 'JPY';
  const values = cohorts.flatMap((cohort) => cohort.points.map((point) => point.ltv.minor));
  const axis = axisFor(0, Math.max(1, ...values), 4);
  const months = Math.max(1, ...cohorts.flatMap((cohort) => cohort.points.map((point) => point.offset)));
  const left = 64;
  const right = width - (width < 480 ? 62 : 92);
  const x = (offset: number) => left + (offset / months) * (right - left);
  const y = (value: number) => BASE - (value / axis.high) * (BASE - TOP);
  const path = (points: Point[]) => points.map((point) => `${x(point.offset)},${y(point.value)}`).join(' ');
  const average = averageLine(cohorts);
  const step = width < 480 ? 3 : 1;
  return (
    <>
      {axis.ticks.map((tick) => (
        <g key={tick}>
          <line
            x1={left}
            x2={right}
            y1={y(tick)}
            y2={y(tick)}
            stroke={tick === 0 ? 'var(--c-zero)' : 'var(--c-grid)'}
          />
          <text x={left - 6} y={y(tick) + 4} textAnchor="end" fontSize="11.5" fill="var(--text-2)">
            {tick === 0 ? '0' : formatMoneyShort({ minor: tick, currency })}
          </text>
        </g>
      ))}
      {Array.from({ length: months + 1 }, (_, offset) => offset)
        .filter((offset) => offset % step === 0)
        .map((offset) => (
          <text
            key={offset}
            x={x(offset)}
            y={BASE + 20}
            textAnchor="middle"
            fontSize="11.5"
            fill="var(--text-2)"
          >
            {t('cohorts.after', { count: offset })}
          </text>
        ))}
      {cohorts.map((cohort) => {
        const points = cohort.points.map((point) => ({ offset: point.offset, value: point.ltv.minor }));
        const end = points.at(-1);
        return (
          <g key={cohort.month}>
            <polyline
              fill="none"
              stroke={cohort.is_import_start ? 'var(--c-base)' : 'var(--c6)'}
              strokeWidth="1.5"
              strokeDasharray={cohort.is_import_start ? '5 3' : undefined}
              opacity={cohort.is_import_start ? 1 : 0.75}
              points={path(points)}
            />
            {end && (
              <circle
                cx={x(end.offset)}
                cy={y(end.value)}
                r="2.5"
                fill={cohort.is_import_start ? 'var(--c-base)' : 'var(--c6)'}
              />
            )}
            {end && cohort.is_import_start && (
              <text x={x(end.offset) + 8} y={y(end.value) + 4} fontSize="11.5" fill="var(--text-2)">
                {formatMonthShort(cohort.month)}
              </text>
            )}
            <title>{formatMonthShort(cohort.month)}</title>
          </g>
        );
      })}
      <polyline
        fill="none"
        stroke="var(--c1)"
        strokeWidth="3"
        strokeLinejoin="round"
        points={path(average)}
      />
      <AverageLabel points={average} x={x} y={y} right={right} currency={currency} />
    </>
  );
}

type LabelProps = {
  points: Point[];
  x: (offset: number) => number;
  y: (value: number) => number;
  right: number;
  currency: string;
};

/** In the margin, where no line runs under its letters. */
function AverageLabel({ points, x, y, right, currency }: LabelProps) {
  const { t } = useTranslation('insights');
  const end = points.at(-1);
  if (!end) return null;
  return (
    <>
      <line
        x1={x(end.offset) + 4}
        x2={right + 4}
        y1={y(end.value)}
        y2={y(end.value)}
        stroke="var(--c1)"
        strokeDasharray="1 4"
      />
      <text x={right + 8} y={y(end.value) + 4} fontSize="12.5" fontWeight="600" fill="var(--accent-text)">
        {t('ltv.average')}
        <tspan x={right + 8} dy="15">
          {formatMoneyShort({ minor: Math.round(end.value), currency })}
        </tspan>
      </text>
    </>
  );
}
