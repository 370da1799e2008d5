/** デシル: buyers in ten equal groups by what they spent, and which share of sales each brings. */
import { Select } from '@mantine/core';
import { keepPreviousData } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { $api } from '../../api/client';
import type { Decile, DecileRow } from '../../api/types';
import { formatMoneyShort, majorUnits } from '../../format/money';
import { formatNumber, formatPercent, percentOf } from '../../format/number';
import { Card } from '../../ui/card';
import { ChartFrame } from '../../ui/chart-frame';
import { EmptyState } from '../../ui/empty-state';
import { Formula } from '../../ui/formula';
import { LinkButton } from '../../ui/link-button';
import { Loaded } from '../../ui/loading';
import { PageHead } from '../../ui/page-head';
import { People } from '../../ui/people';
import classes from './decile.module.css';
import { DECILE_DAYS } from './search';

export function DecilePage() {
  const { t } = useTranslation('insights');
  const { days = 365 } = useSearch({ from: '/signed-in/insights/decile' });
  const decile = $api.useQuery(
    'get',
    '/api/insights/decile',
    { params: { query: { days } } },
    { placeholderData: keepPreviousData },
  );
  const first = decile.data?.rows[0];
  return (
    <>
      <PageHead
        title={first ? t('decile.finding', { share: first.share }) : t('decile.title')}
        meta={t('decile.meta', { days })}
      >
        <DaysSelect days={days} />
      </PageHead>
      <Loaded query={decile} height={520}>
        {(data) =>
          data.rows.length === 0 ? (
            <EmptyState title={t('rfm.empty_title')} text={t('decile.empty_text')}>
              <LinkButton variant="filled" to="/imports">
                {t('to_imports')}
              </LinkButton>
            </EmptyState>
          ) : (
            <Bars decile={data} />
          )
        }
      </Loaded>
    </>
  );
}

function DaysSelect({ days }: { days: number }) {
  const { t } = useTranslation('insights');
  const navigate = useNavigate({ from: '/insights/decile' });
  return (
    <Select
      size="xs"
      w={140}
      allowDeselect={false}
      aria-label={t('decile.days_label')}
      data={DECILE_DAYS.map((known) => ({ value: String(known), label: t('decile.days', { days: known }) }))}
      value={String(days)}
      onChange={(value) =>
        void navigate({ search: value === '365' ? {} : { days: Number(value) }, replace: true })
      }
    />
  );
}

function Bars({ decile }: { decile: Decile }) {
  const { t } = useTranslation('insights');
  const { rows } = decile;
  const largest = Math.max(...rows.map((row) => row.share), 0.01);
  const currency = rows[0]?.sales.currency ?? '';
  const name = (column: string) => t(`decile.column.${column}`);
  const money = (column: string) => t('in_currency', { name: name(column), currency });
  const head = [
    name('decile'),
    name('people'),
    money('sales'),
    name('share'),
    name('cumulative'),
    money('average'),
    money('from'),
  ];
  return (
    <Card>
      <ChartFrame
        title={t('decile.chart', { count: halfOf(rows) })}
        unit={t('decile.unit')}
        fileName="najimi-decile"
        table={{
          head,
          rows: rows.map((row) => [
            row.decile,
            row.people,
            majorUnits(row.sales),
            percentOf(row.share),
            percentOf(row.cumulative),
            majorUnits(row.average),
            majorUnits(row.from),
          ]),
          display: rows.map((row) => [
            String(row.decile),
            formatNumber(row.people),
            formatMoneyShort(row.sales),
            formatPercent(row.share),
            formatPercent(row.cumulative),
            formatMoneyShort(row.average),
            formatMoneyShort(row.from),
          ]),
        }}
      >
        <ol className={classes.bars}>
          <li className={classes.head} aria-hidden="true">
            <span />
            <span>{t('decile.share')}</span>
            <span className={classes.figure}>{t('decile.each')}</span>
            <span className={classes.figure}>{t('decile.so_far')}</span>
            <span className={classes.people}>{t('decile.column.people')}</span>
          </li>
          {rows.map((row) => (
            <Bar key={row.decile} row={row} largest={largest} />
          ))}
        </ol>
        <p className="muted small">
          <Formula formula={t('decile.formula')}>{t('how')}</Formula>
        </p>
      </ChartFrame>
    </Card>
  );
}

/** How many groups from the top bring half of all sales. */
function halfOf(rows: DecileRow[]): number {
  const index = rows.findIndex((row) => row.cumulative >= 0.5);
  return index < 0 ? rows.length : index + 1;
}

function Bar({ row, largest }: { row: DecileRow; largest: number }) {
  const { t } = useTranslation('insights');
  return (
    <li>
      <span className={classes.name}>{t('decile.group', { decile: row.decile })}</span>
      <span className={classes.track}>
        <i
          style={{ width: `${Math.max(0.4, (row.share / largest) * 100)}%` }}
          data-first={row.decile === 1 || undefined}
        />
        <b>{formatPercent(row.share)}</b>
      </span>
      <span className={classes.figures}>
        <span className={classes.figure}>
          <span className={classes.label}>{t('decile.each')}</span> {formatMoneyShort(row.average)}
        </span>
        <span className={classes.figure}>
          <span className={classes.label}>{t('decile.so_far')}</span> {formatPercent(row.cumulative)}
        </span>
      </span>
      <span className={classes.people}>
        <People
          people={row.people_ref}
          title={t('decile.group', { decile: row.decile })}
          label={t('decile.see', { decile: row.decile, count: row.people })}
        >
          {t('decile.people', { count: row.people })}
        </People>
      </span>
    </li>
  );
}
