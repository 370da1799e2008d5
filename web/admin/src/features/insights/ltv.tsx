/** LTV: what a customer has brought so far, by month of the first order and months since. */
import { useTranslation } from 'react-i18next';
import { $api } from '../../api/client';
import type { Ltv } from '../../api/types';
import { formatMonth } from '../../format/day';
import { formatMoneyShort, majorUnits } from '../../format/money';
import { formatNumber } from '../../format/number';
import { Card } from '../../ui/card';
import { ChartFrame } from '../../ui/chart-frame';
import { EmptyState } from '../../ui/empty-state';
import { Formula } from '../../ui/formula';
import { LinkButton } from '../../ui/link-button';
import { Loaded } from '../../ui/loading';
import { PageHead } from '../../ui/page-head';
import classes from './ltv.module.css';
import { averageLine, LtvChart } from './ltv-chart';

export function LtvPage() {
  const { t } = useTranslation('insights');
  const ltv = $api.useQuery('get', '/api/insights/ltv');
  return (
    <>
      <PageHead
        title={
          ltv.data && ltv.data.all.people > 0 ? t('ltv.finding', { ltv: ltv.data.all.ltv }) : t('ltv.title')
        }
        meta={ltv.data && ltv.data.all.people > 0 && t('ltv.all', { count: ltv.data.all.people })}
      />
      <Loaded query={ltv} height={480}>
        {(data) =>
          data.all.people === 0 ? (
            <EmptyState title={t('rfm.empty_title')} text={t('ltv.empty_text')}>
              <LinkButton variant="filled" to="/imports">
                {t('to_imports')}
              </LinkButton>
            </EmptyState>
          ) : (
            <div className={classes.page}>
              <TwoAverages ltv={data} />
              <Body ltv={data} />
            </div>
          )
        }
      </Loaded>
    </>
  );
}

function useFinding({ cohorts, all }: Ltv): string {
  const { t } = useTranslation('insights');
  const line = averageLine(cohorts);
  const [first, end] = [line[0], line.at(-1)];
  if (!first || !end || end.offset === 0) return t('ltv.few');
  const write = (value: number) => formatMoneyShort({ minor: Math.round(value), currency: all.ltv.currency });
  return t('ltv.found', { count: end.offset, first: write(first.value), last: write(end.value) });
}

/** Two averages stand on this page: each says whom it counts and up to when. */
function TwoAverages({ ltv }: { ltv: Ltv }) {
  const { t } = useTranslation('insights');
  const end = averageLine(ltv.cohorts).at(-1);
  return (
    <Card label={t('ltv.two')}>
      <dl className={classes.averages}>
        <div>
          <dt>
            <Formula formula={t('ltv.so_far_formula')}>{t('ltv.so_far')}</Formula>
          </dt>
          <dd className={classes.value}>{formatMoneyShort(ltv.all.ltv)}</dd>
          <dd>{t('ltv.so_far_text')}</dd>
        </div>
        {end && (
          <div>
            <dt>
              <Formula formula={t('ltv.by_month_formula', { count: end.offset })}>
                {t('ltv.by_month', { count: end.offset })}
              </Formula>
            </dt>
            <dd className={classes.value}>
              {formatMoneyShort({ minor: Math.round(end.value), currency: ltv.all.ltv.currency })}
            </dd>
            <dd>{t('ltv.by_month_text')}</dd>
          </div>
        )}
      </dl>
    </Card>
  );
}

function Body({ ltv }: { ltv: Ltv }) {
  const { t } = useTranslation('insights');
  const offsets = Array.from(
    {
      length: Math.max(0, ...ltv.cohorts.flatMap((cohort) => cohort.points.map((point) => point.offset))) + 1,
    },
    (_, offset) => offset,
  );
  const at = (cohort: Ltv['cohorts'][number], offset: number) =>
    cohort.points.find((point) => point.offset === offset)?.ltv;
  const title = useFinding(ltv);
  return (
    <Card>
      <ChartFrame
        title={title}
        note={t('ltv.chart')}
        unit={t('ltv.unit')}
        fileName={`najimi-ltv-${ltv.all.ltv.currency}`}
        table={{
          head: [
            t('cohorts.month'),
            t('cohorts.size'),
            ...offsets.map((offset) => t('cohorts.after', { count: offset })),
          ],
          rows: ltv.cohorts.map((cohort) => [
            cohort.month,
            cohort.size,
            ...offsets.map((offset) => {
              const money = at(cohort, offset);
              return money ? majorUnits(money) : null;
            }),
          ]),
          display: ltv.cohorts.map((cohort) => [
            cohort.is_import_start
              ? `${formatMonth(cohort.month)} (${t('import_start')})`
              : formatMonth(cohort.month),
            formatNumber(cohort.size),
            ...offsets.map((offset) => {
              const money = at(cohort, offset);
              return money ? formatMoneyShort(money) : '';
            }),
          ]),
        }}
      >
        <LtvChart cohorts={ltv.cohorts} label={title} />
        {ltv.cohorts.some((cohort) => cohort.is_import_start) && (
          <p className={classes.note}>{t('ltv.note')}</p>
        )}
      </ChartFrame>
    </Card>
  );
}
