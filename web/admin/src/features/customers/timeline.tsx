/** One timeline of everything: orders, returns, mails and what they led to; simulated events are dashed. */
import { Button, SegmentedControl } from '@mantine/core';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { $api } from '../../api/client';
import { useMe } from '../../api/queries';
import type { TimelineItem } from '../../api/types';
import { formatDate, formatDayShort } from '../../format/day';
import { formatMoney } from '../../format/money';
import { Card, SectionTitle } from '../../ui/card';
import { keysOf } from '../../ui/keys';
import { Waiting } from '../../ui/loading';
import { ProblemNotice } from '../../ui/problem-notice';
import { FILTERS } from './search';
import classes from './timeline.module.css';

/** What happened lately; the years before are a click away. */
const FIRST = 8;

export function Timeline({ customerId }: { customerId: string }) {
  const { t } = useTranslation('customers');
  const { filter = 'all' } = useSearch({ from: '/signed-in/customers/$customerId' });
  const navigate = useNavigate({ from: '/customers/$customerId' });
  const timeline = $api.useInfiniteQuery(
    'get',
    '/api/customers/{id}/timeline',
    { params: { path: { id: customerId }, query: { filter } } },
    {
      pageParamName: 'cursor',
      initialPageParam: undefined,
      getNextPageParam: (last) => last.next_cursor ?? undefined,
    },
  );
  const [isWhole, setWhole] = useState(false);
  const all = timeline.data?.pages.flatMap((page) => page.items) ?? [];
  const items = isWhole ? all : all.slice(0, FIRST);
  const keys = keysOf(items.map(({ at, kind, number, title }) => `${at} ${kind} ${number ?? title}`));
  const hasEarlier = timeline.hasNextPage || items.length < all.length;
  const showEarlier = () => {
    if (isWhole) void timeline.fetchNextPage();
    setWhole(true);
  };
  return (
    <Card>
      <SectionTitle
        title={t('timeline.title')}
        right={
          <SegmentedControl
            size="xs"
            aria-label={t('timeline.filter')}
            value={filter}
            data={FILTERS.map((known) => ({ value: known, label: t(`timeline.filters.${known}`) }))}
            onChange={(value) => {
              const chosen = FILTERS.find((known) => known === value);
              void navigate({
                search: chosen === 'all' || !chosen ? {} : { filter: chosen },
                replace: true,
                resetScroll: false,
              });
            }}
          />
        }
      />
      {timeline.error && <ProblemNotice error={timeline.error} onRetry={() => void timeline.refetch()} />}
      {timeline.isPending && <Waiting height={160} />}
      {timeline.data && items.length === 0 && <p className="muted">{t(`timeline.none.${filter}`)}</p>}
      <ol className={classes.list}>
        {items.map((item, index) => (
          <Item key={keys[index]} item={item} />
        ))}
      </ol>
      {hasEarlier && (
        <Button size="xs" loading={timeline.isFetchingNextPage} onClick={showEarlier}>
          {t('timeline.earlier')}
        </Button>
      )}
    </Card>
  );
}

function Item({ item }: { item: TimelineItem }) {
  const { t } = useTranslation('customers');
  const { today } = useMe();
  const isThisYear = item.day.slice(0, 4) === today.slice(0, 4);
  const title = t(`timeline.kind.${item.kind}`, { title: item.title, number: item.number ?? item.title });
  const details = [
    item.items !== undefined && t('timeline.items', { count: item.items }),
    item.amount && formatMoney(item.amount),
  ].filter(Boolean);
  return (
    <li data-kind={item.kind} data-simulated={item.is_simulated || undefined}>
      <time dateTime={item.at}>{isThisYear ? formatDayShort(item.day) : formatDate(item.day)}</time>
      <i aria-hidden="true" />
      <div>
        {item.campaign_id ? (
          <Link
            to="/campaigns/$campaignId"
            params={{ campaignId: item.campaign_id }}
            className={classes.title}
          >
            {title}
          </Link>
        ) : (
          <b className={classes.title}>{title}</b>
        )}
        {details.length > 0 && <p>{details.join('・')}</p>}
        {item.is_simulated && (
          <p>
            <span className="tag" data-tone="demo">
              {t('timeline.simulated')}
            </span>
          </p>
        )}
      </div>
    </li>
  );
}
