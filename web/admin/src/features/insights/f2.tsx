/** F2転換率: of those who bought for the first time in a month, how many bought again within 90 days. */
import { useTranslation } from 'react-i18next';
import { $api } from '../../api/client';
import type { F2 } from '../../api/types';
import { formatMonth } from '../../format/day';
import { formatNumber, formatPercent, percentOf } from '../../format/number';
import { Card, SectionTitle } from '../../ui/card';
import { ChartFrame } from '../../ui/chart-frame';
import { EmptyState } from '../../ui/empty-state';
import { Formula } from '../../ui/formula';
import { LinkButton } from '../../ui/link-button';
import { Loaded } from '../../ui/loading';
import { PageHead } from '../../ui/page-head';
import { People } from '../../ui/people';
import { Rich } from '../../ui/rich';
import classes from './f2.module.css';
import { F2Chart } from './f2-chart';

type Cohort = F2['cohorts'][number];

export function F2Page() {
  const { t } = useTranslation('insights');
  const f2 = $api.useQuery('get', '/api/insights/f2');
  return (
    <>
      <PageHead
        title={
          f2.data ? t('f2.finding', { rate: f2.data.average.rate, days: f2.data.window_days }) : t('f2.title')
        }
        meta={
          f2.data && <Formula formula={t('f2.formula', { days: f2.data.window_days })}>{t('how')}</Formula>
        }
      />
      <Loaded query={f2} height={480}>
        {(data) =>
          data.cohorts.length === 0 ? (
            <EmptyState title={t('rfm.empty_title')} text={t('f2.empty_text')}>
              <LinkButton variant="filled" to="/imports">
                {t('to_imports')}
              </LinkButton>
            </EmptyState>
          ) : (
            <div className={classes.layout}>
              <Card>
                <Chart f2={data} />
              </Card>
              <Months f2={data} />
            </div>
          )
        }
      </Loaded>
    </>
  );
}

function useStateWord(): (cohort: Cohort) => string {
  const { t } = useTranslation('insights');
  return (cohort) =>
    cohort.state === 'final' && cohort.rate !== null
      ? formatPercent(cohort.rate)
      : t(`f2.state.${cohort.state}`);
}

/** How far the finished months lie apart. */
function useFinding(f2: F2): string {
  const { t } = useTranslation('insights');
  const rates = f2.cohorts.flatMap(({ state, rate }) => (state === 'final' && rate !== null ? [rate] : []));
  if (rates.length < 2) return t('f2.few');
  const [low, high] = [Math.min(...rates), Math.max(...rates)];
  return t('f2.found', { low: formatNumber(low * 100, 1), high: formatPercent(high) });
}

function Chart({ f2 }: { f2: F2 }) {
  const { t } = useTranslation('insights');
  const stateWord = useStateWord();
  return (
    <ChartFrame
      title={useFinding(f2)}
      note={t('f2.chart', { days: f2.window_days })}
      unit="%"
      fileName="najimi-f2"
      table={{
        head: [t('f2.month'), t('f2.first'), t('f2.second'), t('f2.rate')],
        rows: f2.cohorts.map((cohort) => [
          cohort.month,
          cohort.first,
          cohort.second,
          cohort.rate === null ? null : percentOf(cohort.rate),
        ]),
        display: f2.cohorts.map((cohort) => [
          formatMonth(cohort.month),
          formatNumber(cohort.first),
          formatNumber(cohort.second),
          stateWord(cohort),
        ]),
      }}
    >
      <F2Chart f2={f2} />
      <p className={classes.note}>
        <Rich
          text={t('f2.note', { days: f2.window_days, first: f2.average.first, second: f2.average.second })}
        />
      </p>
    </ChartFrame>
  );
}

function Months({ f2 }: { f2: F2 }) {
  const { t } = useTranslation('insights');
  const stateWord = useStateWord();
  return (
    <Card>
      <SectionTitle title={t('f2.months')} note={t('f2.months_note')} />
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{t('f2.month')}</th>
            <th scope="col">{t('f2.first')}</th>
            <th scope="col">{t('f2.second')}</th>
            <th scope="col">{t('f2.rate_short')}</th>
          </tr>
        </thead>
        <tbody>
          {f2.cohorts.map((cohort) => (
            <tr key={cohort.month} data-state={cohort.state}>
              <th scope="row">{formatMonth(cohort.month)}</th>
              <td>
                <People people={cohort.people_first} title={t('f2.first_title', { month: cohort.month })}>
                  {formatNumber(cohort.first)}
                </People>
              </td>
              <td>
                <People
                  people={cohort.people_second}
                  title={t('f2.second_title', { month: cohort.month, days: f2.window_days })}
                >
                  {formatNumber(cohort.second)}
                </People>
              </td>
              <td>{stateWord(cohort)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}
