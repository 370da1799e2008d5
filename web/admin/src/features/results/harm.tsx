/** The harm line: unsubscribes of this campaign against the usual, and where sending stops by itself. */
import { useTranslation } from 'react-i18next';
import type { CampaignResult } from '../../api/types';
import { formatNumber, formatPercent, percentOf } from '../../format/number';
import { Card } from '../../ui/card';
import { ChartFrame, type ChartTable } from '../../ui/chart-frame';
import style from './result.module.css';
import { textWidth } from './text-width';
import { harmLevel } from './verdict';

const WIDTH = 330;

export function HarmCard({ result }: { result: CampaignResult }) {
  const { t } = useTranslation('results');
  const { harm, treated } = result;
  return (
    <Card className={result.is_simulated ? style.dashed : undefined}>
      <ChartFrame
        title={t(`harm.${harmLevel(harm)}`)}
        note={t('harm.unit')}
        fileName={`${result.name}-unsubscribed`}
        table={useTable(result)}
      >
        <HarmLine harm={harm} />
      </ChartFrame>
      <p className="muted small">
        {t('harm.text', {
          sent: treated.sent ?? treated.assigned,
          unsubscribed: harm.unsubscribed,
          complaints: harm.complaints,
        })}
        {harm.usual === null ? t('harm.no_usual') : ''}
      </p>
    </Card>
  );
}

function useTable({ harm }: CampaignResult): ChartTable {
  const { t } = useTranslation('results');
  const rows: [string, number | null][] = [
    [t('harm.row.now'), harm.rate],
    [t('harm.row.usual'), harm.usual],
    [t('harm.row.stop_line'), harm.stop_line],
  ];
  return {
    head: [t('arms.what'), t('harm.unit')],
    rows: rows.map(([name, rate]) => [name, rate === null ? null : percentOf(rate)]),
    display: rows.map(([name, rate]) => [name, rate === null ? '–' : formatPercent(rate)]),
  };
}

function HarmLine({ harm }: { harm: CampaignResult['harm'] }) {
  const { t } = useTranslation('results');
  const { rate, usual, stop_line } = harm;
  const most = Math.max(stop_line, rate, usual ?? 0) * 1.2 || 1;
  const x = (value: number) => 4 + (value / most) * (WIDTH - 8);
  const percent = (value: number) => formatNumber(value * 100, 1);
  const now = t('harm.now', { rate: percent(rate) });
  const half = textWidth(now, 12.5) / 2 + 2;
  const nowAt = Math.min(Math.max(x(rate), half), WIDTH - half);
  return (
    <svg
      viewBox={`0 0 ${WIDTH} 66`}
      width="100%"
      role="img"
      aria-label={t('harm.aria', { rate, stop: stop_line })}
    >
      <line
        x1="4"
        x2={WIDTH - 4}
        y1="30"
        y2="30"
        stroke="var(--line)"
        strokeWidth="8"
        strokeLinecap="round"
      />
      <line
        x1="4"
        x2={Math.max(4.1, x(rate))}
        y1="30"
        y2="30"
        stroke="var(--c1)"
        strokeWidth="8"
        strokeLinecap="round"
      />
      {usual === null ? null : (
        <>
          <line x1={x(usual)} x2={x(usual)} y1="20" y2="40" stroke="var(--text-2)" strokeWidth="1.5" />
          <text x={Math.max(x(usual), 28)} y="56" textAnchor="middle" fontSize="11.5" fill="var(--text-2)">
            {t('harm.usual', { rate: percent(usual) })}
          </text>
        </>
      )}
      <line x1={x(stop_line)} x2={x(stop_line)} y1="16" y2="44" stroke="var(--attn-mark)" strokeWidth="2.5" />
      <text
        x={Math.min(x(stop_line), WIDTH - 40)}
        y="60"
        textAnchor="middle"
        fontSize="11.5"
        fontWeight="600"
        fill="var(--attn)"
      >
        {t('harm.stop_line', { rate: percent(stop_line) })}
      </text>
      <text x={nowAt} y="14" textAnchor="middle" fontSize="12.5" fontWeight="700" fill="var(--text)">
        {now}
      </text>
    </svg>
  );
}
