/** The lines of one class as they stood in the file, each with its reason. */
import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { client } from '../../../api/client';
import { Card, SectionTitle } from '../../../ui/card';
import { Waiting } from '../../../ui/loading';
import { ProblemNotice } from '../../../ui/problem-notice';
import style from '../imports.module.css';

export function Lines({ importId, shown }: { importId: string; shown: string }) {
  const { t } = useTranslation('imports');
  const lines = useInfiniteQuery({
    queryKey: ['import-lines', importId, shown],
    queryFn: async ({ pageParam, signal }) => {
      const query = { class: shown, ...(pageParam ? { cursor: pageParam } : {}) };
      const { data } = await client.GET('/api/imports/{id}/lines', {
        params: { path: { id: importId }, query },
        signal,
      });
      if (!data) throw new Error('no answer');
      return data;
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });
  const rows = lines.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Card>
      <SectionTitle title={t('lines_of', { name: t(`class.${shown}`, { defaultValue: shown }) })} />
      {lines.error ? <ProblemNotice error={lines.error} onRetry={() => void lines.refetch()} /> : null}
      {lines.isPending ? <Waiting height={120} /> : null}
      {lines.isSuccess && rows.length === 0 ? <p className="muted">{t('no_lines')}</p> : null}
      <ol className={style.rawLines}>
        {rows.map((row) => (
          <li key={row.line}>
            <span className="muted small">{t('line_n', { line: row.line })}</span>
            <code>{row.raw}</code>
            {row.reason ? (
              <span className="down small">{t(`reason.${row.reason}`, { defaultValue: row.reason })}</span>
            ) : null}
          </li>
        ))}
      </ol>
      {lines.hasNextPage ? (
        <Button
          size="xs"
          mt={10}
          loading={lines.isFetchingNextPage}
          onClick={() => void lines.fetchNextPage()}
        >
          {t('more')}
        </Button>
      ) : null}
    </Card>
  );
}
