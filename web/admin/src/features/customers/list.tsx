/** The rows: only those on the screen are drawn, and the next page is fetched before the end is reached. */
import { Skeleton } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe } from '../../api/queries';
import type { CustomerPage, CustomerRow } from '../../api/types';
import { formatDate, formatDayShort } from '../../format/day';
import { moneyParts } from '../../format/money';
import { formatNumber } from '../../format/number';
import { Card } from '../../ui/card';
import { EmptyState } from '../../ui/empty-state';
import { LinkButton } from '../../ui/link-button';
import { ProblemNotice } from '../../ui/problem-notice';
import classes from './list.module.css';
import type { CustomersSearch } from './search';

type Query = {
  data: { pages: CustomerPage[] } | undefined;
  error: unknown;
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  isFetchNextPageError: boolean;
  isPlaceholderData: boolean;
  fetchNextPage: () => Promise<unknown>;
  refetch: () => Promise<unknown>;
};

const ROW_PX = 52;

export function CustomerList({ query, search }: { query: Query; search: CustomersSearch }) {
  if (query.error && !query.data)
    return <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />;
  if (!query.data) return <Skeleton height={480} radius="lg" />;
  const rows = query.data.pages.flatMap((page) => page.items);
  if (rows.length === 0) return <NobodyFound search={search} />;
  return (
    <Card as="div" pad={false} className={classes.card}>
      <Rows rows={rows} query={query} />
    </Card>
  );
}

function Rows({ rows, query }: { rows: CustomerRow[]; query: Query }) {
  const { t } = useTranslation('customers');
  const body = useRef<HTMLTableSectionElement>(null);
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => ROW_PX,
    overscan: 12,
    scrollMargin: body.current?.offsetTop ?? 0,
  });
  const items = virtual.getVirtualItems();
  const margin = virtual.options.scrollMargin;
  const last = items.at(-1);
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = query;
  const isNearEnd = (last?.index ?? 0) >= rows.length - 20;
  useEffect(() => {
    // A page that failed waits for a person: asking again at once would never end.
    if (isNearEnd && hasNextPage && !isFetchingNextPage && !isFetchNextPageError) void fetchNextPage();
  }, [isNearEnd, hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage]);
  // −1 is the standard's word for: more than are known.
  const first = query.data?.pages[0];
  const total = first?.has_more_than_total ? null : (first?.total ?? null);
  return (
    <>
      <table
        className={classes.table}
        aria-rowcount={total === null ? -1 : total + 1}
        aria-label={t('title')}
        data-stale={query.isPlaceholderData || undefined}
      >
        <Head />
        <tbody ref={body}>
          <Spacer height={(items[0]?.start ?? margin) - margin} />
          {items.map((item) => {
            const row = rows[item.index];
            return row && <Row key={row.customer_id} row={row} index={item.index} />;
          })}
          <Spacer height={virtual.getTotalSize() - ((last?.end ?? margin) - margin)} />
        </tbody>
      </table>
      {isFetchingNextPage && (
        <p className={classes.more} role="status">
          {t('ui:loading')}
        </p>
      )}
      {isFetchNextPageError && <ProblemNotice error={query.error} onRetry={() => void fetchNextPage()} />}
    </>
  );
}

/** Stands in for the rows that are not drawn. */
function Spacer({ height }: { height: number }) {
  if (height <= 0) return null;
  return (
    <tr className={classes.spacer}>
      <td colSpan={5} style={{ height }} />
    </tr>
  );
}

const COLUMNS = ['name', 'place', 'orders', 'sales', 'last'] as const;

function Head() {
  const { t } = useTranslation('customers');
  return (
    <thead>
      <tr>
        {COLUMNS.map((column) => (
          <th key={column} scope="col" data-column={column}>
            {t(`column.${column}`)}
          </th>
        ))}
      </tr>
    </thead>
  );
}

function Row({ row, index }: { row: CustomerRow; index: number }) {
  const { t } = useTranslation('customers');
  const sales = moneyParts(row.sales);
  return (
    <tr className={classes.row} aria-rowindex={index + 2} style={{ height: ROW_PX }}>
      <th scope="row" data-column="name">
        <Link to="/customers/$customerId" params={{ customerId: row.customer_id }} className={classes.name}>
          {row.name}
        </Link>
        <small>{[row.kana, row.company].filter(Boolean).join('・')}</small>
      </th>
      <td data-column="place">
        {row.prefecture ?? '–'}
        <small>{row.email_masked ?? (row.number && t('number', { number: row.number }))}</small>
      </td>
      {row.is_member_only ? (
        <td colSpan={3} data-column="member">
          <span className="tag">{t('member_only')}</span>
        </td>
      ) : (
        <>
          <td data-column="orders">
            {formatNumber(row.orders)}
            <span className="unit">{t('times')}</span>
          </td>
          <td data-column="sales">
            {sales.value}
            <span className="unit">{sales.unit}</span>
          </td>
          <LastOrder row={row} />
        </>
      )}
    </tr>
  );
}

function LastOrder({ row }: { row: CustomerRow }) {
  const { t } = useTranslation('customers');
  const { today } = useMe();
  const day = row.last_order_day;
  const isThisYear = day?.slice(0, 4) === today.slice(0, 4);
  const since = row.days_since;
  return (
    <td data-column="last">
      {since === null ? '–' : since === 0 ? t('today') : t('days_ago', { count: since })}
      <small>{day && (isThisYear ? formatDayShort(day) : formatDate(day))}</small>
    </td>
  );
}

function NobodyFound({ search }: { search: CustomersSearch }) {
  const { t } = useTranslation('customers');
  const isFiltered = [search.q, search.who, search.segment, search.selection].some(
    (one) => one !== undefined,
  );
  return (
    <Card as="div">
      <EmptyState
        title={isFiltered ? t('nobody.title') : t('empty.title')}
        text={isFiltered ? t('nobody.text') : t('empty.text')}
      >
        {isFiltered ? (
          <LinkButton to="/customers">{t('nobody.all')}</LinkButton>
        ) : (
          <LinkButton variant="filled" to="/imports">
            {t('empty.import')}
          </LinkButton>
        )}
      </EmptyState>
    </Card>
  );
}
