/** One import: the preview before it starts, its progress while it runs, the account of every line afterwards. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { $api } from '../../api/client';
import type { Import } from '../../api/types';
import { Loaded } from '../../ui/loading';
import { PageHead } from '../../ui/page-head';
import style from './imports.module.css';
import { PreviewForm } from './preview/preview-form';
import { Report } from './report/report';
import { Running } from './report/running';

const importOptions = (id: string) =>
  $api.queryOptions('get', '/api/imports/{id}', { params: { path: { id } } }, { staleTime: 0 });

export function ImportPage() {
  const { importId } = useParams({ from: '/signed-in/imports/$importId' });
  const found = useQuery({
    ...importOptions(importId),
    // While lines are still on their way into the screens, the lag is asked for again.
    refetchInterval: ({ state }) => (state.data && isUnderWay(state.data) ? 1500 : false),
  });
  return (
    <Loaded query={found} height={420}>
      {(data) => <Whole data={data} />}
    </Loaded>
  );
}

function Whole({ data }: { data: Import }) {
  const { t } = useTranslation('imports');
  const queries = useQueryClient();
  const refresh = () => queries.invalidateQueries({ queryKey: importOptions(data.import_id).queryKey });
  useEverythingAnew(data);
  return (
    <>
      <PageHead
        title={data.file_name}
        crumbs={[{ label: t('title'), to: '/imports' }]}
        meta={
          <>
            {t(`kind.${data.kind}`)} <span className="tag">{t(`state.${data.state}`)}</span>
          </>
        }
      />
      {data.state === 'uploaded' ? <PreviewForm importId={data.import_id} onStarted={refresh} /> : null}
      {data.state === 'running' ? <Running data={data} onEnd={refresh} /> : null}
      {data.state !== 'uploaded' && data.state !== 'running' ? (
        <Report data={data} onChange={refresh} />
      ) : null}
      {data.state === 'stopped' || data.state === 'failed' ? (
        <section className={style.again} aria-label={t('again.title')}>
          <h2>{t('again.title')}</h2>
          <p className="muted">{t('again.text')}</p>
          <PreviewForm importId={data.import_id} onStarted={refresh} />
        </section>
      ) : null}
    </>
  );
}

const isUnderWay = ({ state, lag }: Import): boolean => state === 'running' || state === 'undoing' || lag > 0;

/** When the last line has arrived, or left again, every other page has something new to show. */
function useEverythingAnew(data: Import): void {
  const queries = useQueryClient();
  const isMoving = isUnderWay(data);
  const wasMoving = useRef(isMoving);
  useEffect(() => {
    if (wasMoving.current && !isMoving) void queries.invalidateQueries();
    wasMoving.current = isMoving;
  }, [isMoving, queries]);
}
