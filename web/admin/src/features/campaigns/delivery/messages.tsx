/** The messages of a campaign, newest first, by state; a captured one can be read. */
import { Button, SegmentedControl } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../../api/client';
import { useMe } from '../../../api/queries';
import type { MessageRow, MessageState } from '../../../api/types';
import { formatInstant } from '../../../format/day';
import { Card, SectionTitle } from '../../../ui/card';
import { EmptyState } from '../../../ui/empty-state';
import { Waiting } from '../../../ui/loading';
import { ProblemNotice } from '../../../ui/problem-notice';
import { MESSAGE_STATES } from './counts';
import style from './delivery.module.css';

const ROUTE = '/signed-in/campaigns/$campaignId/delivery';

function useMessages(id: string, state: MessageState | undefined, isMoving: boolean) {
  const messages = useInfiniteQuery({
    queryKey: ['campaign-messages', id, state ?? 'all'],
    queryFn: async ({ pageParam, signal }) => {
      const query = { ...(state ? { state } : {}), ...(pageParam ? { cursor: pageParam } : {}) };
      const { data } = await client.GET('/api/campaigns/{id}/messages', {
        params: { path: { id }, query },
        signal,
      });
      if (!data) throw new Error('no answer');
      return data;
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: isMoving ? 2000 : false,
  });
  // The last look was taken while the last mails were on the way: one more when all has come to rest.
  const { refetch } = messages;
  useEffect(() => {
    if (!isMoving) void refetch();
  }, [isMoving, refetch]);
  return messages;
}

export function Messages({ campaignId, isMoving }: { campaignId: string; isMoving: boolean }) {
  const { t } = useTranslation('campaigns');
  const { state } = useSearch({ from: ROUTE });
  const messages = useMessages(campaignId, state, isMoving);
  const rows = messages.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Card>
      <SectionTitle title={t('messages.title')} right={<StateFilter campaignId={campaignId} />} />
      {messages.error ? (
        <ProblemNotice error={messages.error} onRetry={() => void messages.refetch()} />
      ) : null}
      {messages.isPending ? <Waiting height={120} /> : null}
      {messages.isSuccess && rows.length === 0 ? (
        <EmptyState
          level={3}
          title={t('messages.none')}
          text={t(state ? 'messages.none_of_state' : 'messages.none_yet')}
        />
      ) : null}
      <ul className={style.messages}>
        {rows.map((row) => (
          <Row key={row.message_id} row={row} />
        ))}
      </ul>
      {messages.hasNextPage ? (
        <Button
          size="xs"
          mt={10}
          loading={messages.isFetchingNextPage}
          onClick={() => void messages.fetchNextPage()}
        >
          {t('messages.more')}
        </Button>
      ) : null}
    </Card>
  );
}

function StateFilter({ campaignId }: { campaignId: string }) {
  const { t } = useTranslation('campaigns');
  const { state } = useSearch({ from: ROUTE });
  const navigate = useNavigate();
  const choices = ['captured', 'accepted', 'failed', 'held'] as const;
  const extra = MESSAGE_STATES.find((one) => one === state && !choices.some((choice) => choice === one));
  return (
    <SegmentedControl
      size="xs"
      aria-label={t('messages.filter')}
      value={state ?? 'all'}
      data={[
        { value: 'all', label: t('messages.all') },
        ...[...choices, ...(extra ? [extra] : [])].map((value) => ({
          value,
          label: t(`message_state.${value}`),
        })),
      ]}
      onChange={(next) =>
        void navigate({
          to: '/campaigns/$campaignId/delivery',
          params: { campaignId },
          search: next === 'all' ? {} : { state: next },
        })
      }
    />
  );
}

/** Read it where there is something to read: a message that was rendered. */
const canRead = (state: string): boolean => state === 'captured' || state === 'accepted';

function Row({ row }: { row: MessageRow }) {
  const { t, i18n } = useTranslation('campaigns');
  const { zone } = useMe();
  const key = `message_state.${row.state}`;
  return (
    <li>
      <span className={style.to}>
        <Link to="/customers/$customerId" params={{ customerId: row.customer_id }}>
          {row.name}
        </Link>
        <small>{row.to_masked}</small>
      </span>
      <span className={style.state}>
        <span className="tag" data-tone={row.state === 'failed' ? 'attention' : undefined}>
          {i18n.exists(key, { ns: 'campaigns' }) ? t(key) : row.state}
        </span>
        {row.error ? <small className="down">{row.error}</small> : null}
      </span>
      <span className="muted small nowrap">{formatInstant(row.at, zone)}</span>
      <span className={style.read}>
        {canRead(row.state) ? (
          <Link
            className="link"
            to="/messages/$messageId"
            params={{ messageId: row.message_id }}
            aria-label={t('messages.read_of', { name: row.name })}
          >
            {t('messages.read')}
          </Link>
        ) : null}
      </span>
    </li>
  );
}
