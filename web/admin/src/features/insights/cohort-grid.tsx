/** The triangle of cohorts: a row per month of the first order, a column per month since. */
import { useTranslation } from 'react-i18next';
import type { CohortCell, CohortMonth } from '../../api/types';
import { formatMonth } from '../../format/day';
import { formatMoneyShort, majorUnits } from '../../format/money';
import { formatNumber, formatPercent, percentOf } from '../../format/number';
import { ChartFrame } from '../../ui/chart-frame';
import { People } from '../../ui/people';
import { ScrollX } from '../../ui/scroll-x';
import classes from './cohort-grid.module.css';
import { averageAt, largestOffset, rangeAt } from './cohort-rates';
import type { CohortView } from './search';

function written(cell: CohortCell, view: CohortView): string {
  if (view === 'buyers') return formatNumber(cell.buyers);
  return view === 'sales' ? formatMoneyShort(cell.sales) : formatNumber(cell.rate * 100, 0);
}

function raw(cell: CohortCell, view: CohortView): number {
  if (view === 'rate') return percentOf(cell.rate);
  return view === 'buyers' ? cell.buyers : majorUnits(cell.sales);
}

/** Rates of the months after the first are told apart in steps; the first month is always everybody. */
function shadeOf(cell: CohortCell): { background: string; color: string } {
  if (!cell.is_complete) return { background: 'none', color: 'var(--text-2)' };
  if (cell.offset === 0) return { background: 'var(--line-soft)', color: 'var(--text-2)' };
  const step = [0.02, 0.08, 0.14, 0.2, 0.28, 0.38].filter((bound) => cell.rate >= bound).length;
  return { background: `var(--s${step})`, color: step >= 5 ? 'var(--on-mark)' : 'var(--text)' };
}

/** The month after the first order at which cohorts are compared, as in the page's heading. */
const COMPARED = 3;

function useFinding(months: CohortMonth[], view: CohortView): string {
  const { t } = useTranslation('insights');
  const range = rangeAt(months, COMPARED, (cell) => raw(cell, view));
  if (!range) return t(`cohorts.plain.${view}`);
  const { low, high } = range;
  return t(`cohorts.found.${view}`, { month: COMPARED, low: written(low, view), high: written(high, view) });
}

type Props = { months: CohortMonth[]; view: CohortView };

export function CohortGrid({ months, view }: Props) {
  const { t } = useTranslation('insights');
  const offsets = Array.from({ length: largestOffset(months) + 1 }, (_, offset) => offset);
  return (
    <ChartFrame
      title={useFinding(months, view)}
      note={t('cohorts.chart')}
      unit={t(`cohorts.units.${view}`)}
      fileName={`najimi-cohorts-${{ rate: 'percent', buyers: 'people', sales: months[0]?.cells[0]?.sales.currency }[view]}`}
      table={{
        head: [
          t('cohorts.month'),
          t('cohorts.size'),
          ...offsets.map((offset) => t('cohorts.after', { count: offset })),
        ],
        rows: months.map((month) => [
          month.month,
          month.size,
          ...offsets.map((offset) => {
            const cell = month.cells.find((known) => known.offset === offset);
            return cell ? raw(cell, view) : null;
          }),
        ]),
        display: months.map((month) => [
          formatMonth(month.month),
          formatNumber(month.size),
          ...offsets.map((offset) => {
            const cell = month.cells.find((known) => known.offset === offset);
            return cell ? written(cell, view) : '';
          }),
        ]),
      }}
    >
      <ScrollX label={t('cohorts.chart')}>
        <table className={classes.grid}>
          <thead>
            <tr>
              <th scope="col">{t('cohorts.month')}</th>
              <th scope="col">{t('cohorts.size')}</th>
              {offsets.map((offset) => (
                <th key={offset} scope="col">
                  {t('cohorts.after', { count: offset })}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {months.map((month) => (
              <Row key={month.month} month={month} offsets={offsets} view={view} />
            ))}
          </tbody>
          {view === 'rate' && <Averages months={months} offsets={offsets} />}
        </table>
      </ScrollX>
      <p className="muted small">
        {t('cohorts.measuring_note')}
        {months.some((month) => month.is_import_start) && t('cohorts.import_start_note')}
      </p>
    </ChartFrame>
  );
}

function Row({ month, offsets, view }: { month: CohortMonth; offsets: number[]; view: CohortView }) {
  const { t } = useTranslation('insights');
  return (
    <tr data-import-start={month.is_import_start || undefined}>
      <th scope="row">
        {formatMonth(month.month)}
        {month.is_import_start && <small>{t('import_start_short')}</small>}
      </th>
      <td className={classes.size}>{formatNumber(month.size)}</td>
      {offsets.map((offset) => {
        const cell = month.cells.find((known) => known.offset === offset);
        if (!cell) return <td key={offset} />;
        const who = t('cohorts.who', { month: month.month, offset });
        const name = t('cohorts.cell', {
          month: formatMonth(month.month),
          offset,
          count: cell.buyers,
          share: formatPercent(cell.rate),
          sales: formatMoneyShort(cell.sales),
        });
        return (
          <td
            key={offset}
            style={shadeOf(cell)}
            className={classes.cell}
            title={cell.is_complete ? name : `${name} – ${t('cohorts.measuring')}`}
            data-measuring={!cell.is_complete || undefined}
          >
            <People
              title={who}
              people={cell.people_ref}
              label={`${written(cell, view)} – ${name}`}
              className={classes.door}
            >
              {written(cell, view)}
            </People>
          </td>
        );
      })}
    </tr>
  );
}

function Averages({ months, offsets }: { months: CohortMonth[]; offsets: number[] }) {
  const { t } = useTranslation('insights');
  return (
    <tfoot>
      <tr>
        <th scope="row">
          {t('cohorts.average')}
          {months.some((month) => month.is_import_start) && <small>{t('cohorts.average_note')}</small>}
        </th>
        <td />
        {offsets.map((offset) => {
          const rate = averageAt(months, offset);
          return <td key={offset}>{rate === null ? '' : formatNumber(rate * 100, 0)}</td>;
        })}
      </tr>
    </tfoot>
  );
}
