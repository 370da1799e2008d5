/** A job that runs: how far it is, and a way to stop it. */
import { Button, Progress } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../api/client';
import { useJob } from '../api/queries';
import type { Job } from '../api/types';
import { formatNumber, formatPercent } from '../format/number';
import classes from './job-progress.module.css';
import { ProblemNotice } from './problem-notice';
import { tellProblem } from './tell';

type Props = { jobId: string; label: string; onEnd?: (job: Job) => void; canStop?: boolean };

export function JobProgress({ jobId, label, onEnd, canStop = true }: Props) {
  const { t } = useTranslation('ui');
  const job = useJob(jobId);
  const stop = useMutation({
    mutationFn: () => client.POST('/api/jobs/{id}/cancel', { params: { path: { id: jobId } } }),
    onError: tellProblem,
  });
  useEnd(job.data, onEnd);
  if (job.error) return <ProblemNotice error={job.error} onRetry={() => void job.refetch()} />;
  const state = job.data?.state ?? 'queued';
  const { done = 0, total = null, note = '' } = job.data?.progress ?? {};
  const isRunning = state === 'queued' || state === 'running';
  const share = total ? Math.min(1, done / total) : null;
  return (
    <div className={classes.job} role="status">
      <div className={classes.line}>
        <span className="strong">{label}</span>
        <span className="muted">{t(`job.${state}`)}</span>
        <span className={classes.figure}>
          {formatNumber(done)}
          {total !== null && ` / ${formatNumber(total)}`}
          {share !== null && ` · ${formatPercent(share, 0)}`}
        </span>
        {isRunning && canStop && (
          <Button size="compact-xs" onClick={() => stop.mutate()} loading={stop.isPending}>
            {t('stop')}
          </Button>
        )}
      </div>
      <Progress
        value={share === null ? 100 : share * 100}
        striped={share === null && isRunning}
        animated={isRunning}
        aria-label={label}
        color="green"
        size="sm"
      />
      {note && <p className="muted small">{note}</p>}
      {job.data?.error && <p className="down small">{job.data.error}</p>}
    </div>
  );
}

/** Calls `onEnd` once, when the job has come to an end. */
function useEnd(job: Job | undefined, onEnd: ((job: Job) => void) | undefined): void {
  const told = useRef<string | null>(null);
  useEffect(() => {
    if (!job || job.state === 'queued' || job.state === 'running' || told.current === job.job_id) return;
    told.current = job.job_id;
    onEnd?.(job);
  }, [job, onEnd]);
}
