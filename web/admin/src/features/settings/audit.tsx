/** The audit log: who did what, when; newest first. */
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
import style from './settings.module.css';

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
        {rows.length > 0 ? <Table rows={rows} /> : null}
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

function Table({ rows }: { rows: AuditRow[] }) {
  const { t } = useTranslation('settings');
  const { zone } = useMe();
  const keys = keysOf(rows.map((row) => `${row.at} ${row.actor} ${row.action} ${row.object}`));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className={style.scroll} tabIndex={0} aria-label={t('audit.title')}>
      <table className={style.table}>
        <thead>
          <tr>
            {(['at', 'actor', 'action', 'object', 'detail'] as const).map((column) => (
              <th scope="col" key={column}>
                {t(`audit.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={keys[index]}>
              <td className="nowrap">{formatInstant(row.at, zone)}</td>
              <td className="nowrap strong">
                {row.actor_kind === 'console' ? t('audit.console') : row.actor}
              </td>
              <td className="nowrap">
                {t(`action.${row.action.replaceAll('.', '_')}`, { defaultValue: row.action })}
              </td>
              <td className="muted nowrap" title={row.object ?? undefined}>
                {shortObject(row.object)}
              </td>
              <td className="muted">{detailText(row.detail)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** An id is shown by its end, which tells things of the same minute apart; the whole stands in the title. */
function shortObject(object: string | null): string {
  if (object === null) return '';
  return /^[0-9a-f-]{36}$/.test(object) ? `…${object.slice(-6)}` : object;
}

/** Details are words, or a few named values: `role: clerk, is_active: true`. Ids of jobs help nobody who reads. */
function detailText(detail: unknown): string {
  if (typeof detail !== 'object' || detail === null) return detail === null ? '' : String(detail);
  return Object.entries(detail)
    .filter(([name, value]) => name !== 'job_id' && value !== null)
    .map(([name, value]) => `${name}: ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
    .join(', ');
}
