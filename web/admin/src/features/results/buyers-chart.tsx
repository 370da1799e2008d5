/** How the share of buyers grew day by day: ours a green line, the comparison grey and dashed. */
import { useElementSize } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';
import type { CampaignResult } from '../../api/types';
import { formatNumber, formatPercent, percentOf } from '../../format/number';
import { axisFor } from '../../ui/axis';
import { Card } from '../../ui/card';
import { ChartFrame, type ChartTable } from '../../ui/chart-frame';
import style from './result.module.css';
import { apart, stepPath } from './step-line';
import { textWidth } from './text-width';

const HEIGHT = 168;
const LEFT = 32;
const TOP = 14;
const BOTTOM = 26;

export function BuyersChart({ result }: { result: CampaignResult }) {
  const { t } = useTranslation('results');
  const isOver = result.day_n >= result.window_days;
  const last = result.daily.at(-1);
  return (
    <Card className={result.is_simulated ? style.dashed : undefined}>
      <ChartFrame
        title={
          last
            ? t('buyers.found', { day: last.day, treated: last.treated, control: last.control })
            : t('buyers.title')
        }
        note={t(isOver ? 'buyers.note_over' : 'buyers.note')}
        fileName={`${result.name}-buyers`}
        table={useTable(result)}
      >
        {result.daily.length === 0 ? (
          <p className={style.none}>{t('buyers.not_yet')}</p>
        ) : (
          <Lines result={result} />
        )}
      </ChartFrame>
    </Card>
  );
}

function useTable({ daily }: CampaignResult): ChartTable {
  const { t } = useTranslation('results');
  return {
    head: [t('buyers.day'), `${t('sent_group')} (%)`, `${t('control_group')} (%)`],
    rows: daily.map((one) => [one.day, percentOf(one.treated), percentOf(one.control)]),
    display: daily.map((one) => [
      t('buyers.day_n', { day: one.day }),
      formatPercent(one.treated),
      formatPercent(one.control),
    ]),
  };
}

function Lines({ result }: { result: CampaignResult }) {
  const { t } = useTranslation('results');
  const { ref, width: measured } = useElementSize();
  const width = Math.max(280, measured || 660);
  const { daily, window_days } = result;
  const last = daily.at(-1);
  const ends = last
    ? [
        `${t('sent_group')} ${formatPercent(last.treated)}`,
        `${t('control_group')} ${formatPercent(last.control)}`,
      ]
    : [];
  const right = 14 + Math.max(...ends.map((label) => textWidth(label, 13)));
  const axis = axisFor(0, Math.max(0.01, ...daily.flatMap((one) => [one.treated, one.control])) * 100, 3);
  const x = (day: number) => LEFT + (day / window_days) * (width - LEFT - right);
  const y = (share: number) => HEIGHT - BOTTOM - ((share * 100) / axis.high) * (HEIGHT - TOP - BOTTOM);
  const path = (key: 'treated' | 'control') => {
    const points = daily.map((one) => ({ x: x(one.day), y: y(one[key]) }));
    return stepPath(daily[0]?.day === 0 ? points : [{ x: x(0), y: y(0) }, ...points]);
  };
  if (!last) return null;
  const [treatedAt, controlAt] = apart(y(last.treated), y(last.control), 17);
  // As many days as can be written side by side.
  const dayWidth = textWidth(t('buyers.day_n', { day: window_days }), 11.5) + 10;
  const parts = [4, 2, 1].find((count) => (width - LEFT - right) / count > dayWidth) ?? 1;
  const days = Array.from({ length: parts + 1 }, (_, part) => Math.round((window_days * part) / parts));
  return (
    <div ref={ref}>
      <svg
        viewBox={`0 0 ${width} ${HEIGHT}`}
        width={width}
        height={HEIGHT}
        role="img"
        aria-label={t('buyers.aria', { treated: last.treated, control: last.control, day: last.day })}
        style={{ maxWidth: '100%' }}
      >
        {axis.ticks.map((tick) => (
          <g key={tick}>
            <line
              x1={LEFT}
              x2={width - right}
              y1={y(tick / 100)}
              y2={y(tick / 100)}
              stroke={tick === 0 ? 'var(--c-zero)' : 'var(--c-grid)'}
            />
            <text x={LEFT - 6} y={y(tick / 100) + 4} textAnchor="end" fontSize="11.5" fill="var(--text-2)">
              {formatNumber(tick, axis.step < 1 ? 1 : 0)}
            </text>
          </g>
        ))}
        {days.map((day) => (
          <text key={day} x={x(day)} y={HEIGHT - 6} textAnchor="middle" fontSize="11.5" fill="var(--text-2)">
            {t('buyers.day_n', { day })}
          </text>
        ))}
        <path d={path('control')} fill="none" stroke="var(--c-base)" strokeWidth="2" strokeDasharray="5 3" />
        <path d={path('treated')} fill="none" stroke="var(--c1)" strokeWidth="2.2" />
        <text
          x={x(last.day) + 8}
          y={treatedAt + 4}
          fontSize="12.5"
          fontWeight="600"
          fill="var(--accent-text)"
        >
          {ends[0]}
        </text>
        <text x={x(last.day) + 8} y={controlAt + 4} fontSize="12.5" fontWeight="600" fill="var(--text-2)">
          {ends[1]}
        </text>
      </svg>
    </div>
  );
}
