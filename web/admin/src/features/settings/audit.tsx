/** The audit log: who did what, when; newest first. A row is a sentence, and what it is about a link. */
import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { client } from '../../api/client';
import { useMe } from '../../api/queries';
import type { AuditRow } from '../../api/types';
import { formatInstant } from '../../format/day';
import { Card } from '../../ui/card';
import { keysOf } from '../../ui/keys';
import { Waiting } from '../../ui/loading';
import { PageHead } from '../../ui/page-head';
import { ProblemNotice } from '../../ui/problem-notice';
import style from './audit.module.css';
import { AuditObject } from './audit-object';
import { useAuditDetail, useAuditSentence } from './audit-words';

export function AuditPage() {
  const { t } = useTranslation('settings');
  const audit = useInfiniteQuery({
    queryKey: ['audit'],
    queryFn: async ({ pageParam, signal }) => {
      const { data } = await client.GET('/api/audit', {
        params: { query: pageParam ? { cursor: pageParam } : {} },
        signal,
      });
      if (!data) throw new Error('no answer');
      return data;
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });
  const rows = audit.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <PageHead title={t('audit.title')} meta={t('audit.lead')} />
      <Card>
        {audit.error ? <ProblemNotice error={audit.error} onRetry={() => void audit.refetch()} /> : null}
        {audit.isPending ? <Waiting /> : null}
        {audit.isSuccess && rows.length === 0 ? <p className="muted">{t('audit.empty')}</p> : null}
        {rows.length > 0 ? <Log rows={rows} /> : null}
        {audit.hasNextPage ? (
          <Button
            size="xs"
            mt={10}
            loading={audit.isFetchingNextPage}
            onClick={() => void audit.fetchNextPage()}
          >
            {t('more')}
          </Button>
        ) : null}
      </Card>
    </>
  );
}

function Log({ rows }: { rows: AuditRow[] }) {
  const { t } = useTranslation('settings');
  const keys = keysOf(rows.map((row) => `${row.at} ${row.actor} ${row.action} ${row.object}`));
  return (
    <ul className={style.log} aria-label={t('audit.title')}>
      {rows.map((row, index) => (
        <Row key={keys[index]} row={row} />
      ))}
    </ul>
  );
}

function Row({ row }: { row: AuditRow }) {
  const { zone } = useMe();
  const [before, after] = useAuditSentence(row);
  const detail = useAuditDetail(row);
  return (
    <li>
      <time dateTime={row.at}>{formatInstant(row.at, zone)}</time>
      <div>
        <span>
          {before}
          {after === undefined ? null : <AuditObject row={row} />}
          {after}
        </span>
        {detail ? <small>{detail}</small> : null}
      </div>
    </li>
  );
}
