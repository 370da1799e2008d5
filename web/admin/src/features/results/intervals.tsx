/** The differences with their intervals on one kind of axis; "no difference" is the strongest line. */
import { useTranslation } from 'react-i18next';
import type { CampaignResult, Interval } from '../../api/types';
import { formatMoney, majorUnits } from '../../format/money';
import { formatPercent, formatPoints, formatRange, formatSigned } from '../../format/number';
import { Card } from '../../ui/card';
import { ChartFrame, type ChartTable } from '../../ui/chart-frame';
import { Formula } from '../../ui/formula';
import { IntervalRow } from './interval-row';
import style from './result.module.css';
import { intervalFinding, sideOf } from './verdict';

export function Intervals({ result }: { result: CampaignResult }) {
  const { t } = useTranslation('results');
  const { rate, sales } = result;
  const formula = <Formula formula={result.method || t('interval.formula_text')}>{t('formula')}</Formula>;
  const side = (interval: Interval | null) => (interval ? t(`interval.side.${sideOf(interval)}`) : '');
  return (
    <Card className={result.is_simulated ? style.dashed : undefined}>
      <ChartFrame
        title={t(`interval.${intervalFinding(result)}`, { rate: side(rate), sales: side(sales) })}
        unit={
          <>
            {t('interval.level')}
            {t('list_mark')}
            {formula}
          </>
        }
        fileName={`${result.name}-interval`}
        table={useTable(result)}
      >
        {rate || sales ? null : <p className={style.none}>{t('interval.not_yet')}</p>}
        {rate ? <Rate result={result} rate={rate} /> : null}
        {sales ? <Sales result={result} sales={sales} /> : null}
      </ChartFrame>
    </Card>
  );
}

function Rate({ result, rate }: { result: CampaignResult; rate: Interval }) {
  const { t } = useTranslation('results');
  const { treated, control } = result;
  return (
    <IntervalRow
      unit={t('interval.rate_unit')}
      label={t('rate')}
      versus={t('versus', { treated: formatPercent(treated.rate), control: formatPercent(control.rate) })}
      interval={rate}
      scale={100}
      tick={(value, digits) => formatSigned(value, digits)}
      estimate={`${formatPoints(rate.estimate)} pt`}
      range={formatRange(formatPoints(rate.low), formatPoints(rate.high))}
    />
  );
}

function Sales({ result, sales }: { result: CampaignResult; sales: NonNullable<CampaignResult['sales']> }) {
  const { t } = useTranslation('results');
  const { treated, control } = result;
  const money = (minor: number) =>
    formatMoney({ minor: Math.round(minor), currency: sales.currency }, { signed: true });
  const bare = (minor: number) => money(minor).replace(/円$/, '');
  return (
    <IntervalRow
      unit={t('interval.sales_unit', { currency: sales.currency === 'JPY' ? t('yen') : sales.currency })}
      label={t('sales_per_head')}
      versus={t('versus', {
        treated: formatMoney(treated.sales_per_head),
        control: formatMoney(control.sales_per_head),
      })}
      interval={sales}
      scale={1}
      tick={bare}
      estimate={money(sales.estimate)}
      range={formatRange(bare(sales.low), bare(sales.high))}
    />
  );
}

function useTable({ rate, sales }: CampaignResult): ChartTable {
  const { t } = useTranslation('results');
  const currency = sales?.currency ?? 'JPY';
  const row = (name: string, interval: Interval | null, scale: number) =>
    interval
      ? [
          [
            name,
            ...[interval.estimate, interval.low, interval.high].map((one) =>
              Number((one * scale).toFixed(2)),
            ),
          ],
        ]
      : [];
  return {
    head: [t('interval.what'), t('interval.estimate'), t('interval.low'), t('interval.high')],
    rows: [
      ...row(t('interval.rate_row'), rate, 100),
      ...row(t('interval.sales_row', { currency }), sales, majorUnits({ minor: 1, currency })),
    ],
  };
}
