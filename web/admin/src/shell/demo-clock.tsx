/** The demo's clock: dashed like everything that is only the demo's. Letting days pass brings the held-back orders in. */
import { Modal, Tooltip } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../api/client';
import { useCan } from '../api/queries';
import type { DemoClock as Clock, Job } from '../api/types';
import { formatDay } from '../format/day';
import { JobProgress } from '../ui/job-progress';
import { tell, tellProblem } from '../ui/tell';
import classes from './demo-clock.module.css';

type Days = 1 | 7;

export function DemoClock({ clock }: { clock: Clock }) {
  const { t } = useTranslation('shell');
  const advance = useAdvance();
  const reason = useReason(clock);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would bring its own border and legend
    <div className={classes.clock} role="group" aria-label={t('demo.clock')}>
      <span className={classes.day}>
        <span className={classes.label}>{t('demo.today')}</span>
        <b>{formatDay(clock.today)}</b>
      </span>
      {([1, 7] as const).map((days) => (
        <Tooltip key={days} label={reason} disabled={!reason} maw={280}>
          <button
            type="button"
            data-days={days}
            aria-disabled={reason !== null || advance.isBusy}
            onClick={() => !reason && !advance.isBusy && advance.start(days)}
          >
            <span className={classes.long}>{t(days === 1 ? 'demo.one_day' : 'demo.one_week')}</span>
            <span className={classes.short}>
              {t(days === 1 ? 'demo.one_day_short' : 'demo.one_week_short')}
            </span>
          </button>
        </Tooltip>
      ))}
      <Modal opened={advance.jobId !== null} onClose={advance.close} title={t('demo.advancing')} size="md">
        {advance.jobId && (
          <JobProgress jobId={advance.jobId} label={t('demo.orders_arrive')} onEnd={advance.end} />
        )}
      </Modal>
    </div>
  );
}

/** Why the clock cannot be moved now, or null when it can. */
function useReason(clock: Clock): string | null {
  const { t } = useTranslation('shell');
  const can = useCan();
  if (!can('demo.advance')) return t('demo.no_permission');
  if (clock.advancing) return t('demo.is_advancing');
  if (!clock.can_advance) return t('demo.last_day', { day: clock.last_day });
  return null;
}

function useAdvance() {
  const { t } = useTranslation('shell');
  const queryClient = useQueryClient();
  const [jobId, setJobId] = useState<string | null>(null);
  const request = useMutation({
    mutationFn: async (days: Days) => (await client.POST('/api/demo/advance', { body: { days } })).data,
    onSuccess: (answer) => setJobId(answer?.job_id ?? null),
    onError: tellProblem,
  });
  const end = useCallback(
    (job: Job) => {
      if (job.state === 'done') {
        setJobId(null);
        tell(t('demo.advanced'));
      }
      void queryClient.invalidateQueries();
    },
    [queryClient, t],
  );
  const close = () => {
    setJobId(null);
    void queryClient.invalidateQueries();
  };
  return { jobId, end, close, start: request.mutate, isBusy: request.isPending || jobId !== null };
}
