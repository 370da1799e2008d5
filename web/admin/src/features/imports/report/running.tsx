/** The import while it runs: how far, what it found so far, and a way to stop. */
import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { client } from '../../../api/client';
import type { Import } from '../../../api/types';
import { Card } from '../../../ui/card';
import { JobProgress } from '../../../ui/job-progress';
import { tellProblem } from '../../../ui/tell';
import style from '../imports.module.css';
import { Account } from './account';

export function Running({ data, onEnd }: { data: Import; onEnd: () => Promise<void> }) {
  const { t } = useTranslation('imports');
  const stop = useMutation({
    mutationFn: () => client.POST('/api/imports/{id}/stop', { params: { path: { id: data.import_id } } }),
    onSuccess: onEnd,
    onError: tellProblem,
  });
  return (
    <div className={style.column}>
      <Card>
        {data.job_id ? (
          <JobProgress jobId={data.job_id} label={t('running.label')} canStop={false} onEnd={onEnd} />
        ) : null}
        <div className={style.stop}>
          <Button size="xs" loading={stop.isPending} onClick={() => stop.mutate()}>
            {t('running.stop')}
          </Button>
          <span className="muted small">{t('running.stop_note')}</span>
        </div>
      </Card>
      {data.classes.length > 0 ? <Account data={data} /> : null}
    </div>
  );
}
