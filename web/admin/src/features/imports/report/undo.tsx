/** Taking an import back: what will be gone and what stays, asked once; then how far it is. */
import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../../api/client';
import { useCan } from '../../../api/queries';
import type { Import } from '../../../api/types';
import { Card, SectionTitle } from '../../../ui/card';
import { JobProgress } from '../../../ui/job-progress';
import { tellProblem } from '../../../ui/tell';
import style from '../imports.module.css';

type Props = { data: Import; onChange: () => Promise<void> };

export function Undo({ data, onChange }: Props) {
  const { t } = useTranslation('imports');
  const can = useCan();
  const [isAsked, setAsked] = useState(false);
  const undo = useMutation({
    mutationFn: () => client.POST('/api/imports/{id}/undo', { params: { path: { id: data.import_id } } }),
    onSuccess: onChange,
    onError: tellProblem,
  });
  return (
    <Card>
      <SectionTitle title={t('undo.title')} />
      <p className="muted small">{t(data.state === 'undo_stopped' ? 'undo.stopped' : 'undo.text')}</p>
      {!can('imports.run') ? (
        <p className="muted small">{t('start.no_permission')}</p>
      ) : isAsked ? (
        <div className={style.stop}>
          <Button size="xs" variant="filled" loading={undo.isPending} onClick={() => undo.mutate()}>
            {t('undo.yes')}
          </Button>
          <Button size="xs" variant="subtle" onClick={() => setAsked(false)}>
            {t('undo.no')}
          </Button>
          <span className="muted small">{t('undo.ask', { name: data.file_name })}</span>
        </div>
      ) : (
        <div className={style.stop}>
          <Button size="xs" onClick={() => setAsked(true)}>
            {t('undo.button')}
          </Button>
        </div>
      )}
    </Card>
  );
}

export function Undoing({ data, onChange }: Props) {
  const { t } = useTranslation('imports');
  return (
    <Card>
      {data.job_id ? (
        <JobProgress jobId={data.job_id} label={t('undo.running')} canStop={false} onEnd={onChange} />
      ) : null}
    </Card>
  );
}
