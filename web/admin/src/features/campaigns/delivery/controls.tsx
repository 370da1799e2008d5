/** Pause, go on, stop. Stopping cannot be taken back, so it is the one thing here that asks once more. */
import { Button, Popover } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../../api/client';
import { useCan } from '../../../api/queries';
import type { Campaign } from '../../../api/types';
import { tellProblem } from '../../../ui/tell';
import style from './delivery.module.css';

type Action = 'pause' | 'resume' | 'stop';
const PATHS = {
  pause: '/api/campaigns/{id}/pause',
  resume: '/api/campaigns/{id}/resume',
  stop: '/api/campaigns/{id}/stop',
} as const;

export function Controls({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation('campaigns');
  const can = useCan();
  const act = useAct(campaign.campaign_id);
  const { state } = campaign;
  if (state !== 'sending' && state !== 'paused' && state !== 'scheduled') return null;
  if (!can('campaigns.send')) return <span className="muted small">{t('delivery.no_permission')}</span>;
  return (
    <>
      {state === 'paused' ? (
        <Button variant="filled" loading={act.isPending} onClick={() => act.mutate('resume')}>
          {t('delivery.resume')}
        </Button>
      ) : (
        <Button loading={act.isPending} onClick={() => act.mutate('pause')}>
          {t('delivery.pause')}
        </Button>
      )}
      <Stop isBusy={act.isPending} onStop={() => act.mutate('stop')} />
    </>
  );
}

function Stop({ isBusy, onStop }: { isBusy: boolean; onStop: () => void }) {
  const { t } = useTranslation('campaigns');
  const [isOpen, setOpen] = useState(false);
  return (
    <Popover opened={isOpen} onChange={setOpen} position="bottom-end" trapFocus returnFocus>
      <Popover.Target>
        <Button
          variant="subtle"
          color="gray"
          aria-expanded={isOpen}
          loading={isBusy}
          onClick={() => setOpen(!isOpen)}
        >
          {t('delivery.stop')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <p className={style.stopText}>{t('delivery.stop_text')}</p>
        <Button
          size="xs"
          onClick={() => {
            setOpen(false);
            onStop();
          }}
        >
          {t('delivery.stop_now')}
        </Button>
      </Popover.Dropdown>
    </Popover>
  );
}

function useAct(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (action: Action) => client.POST(PATHS[action], { params: { path: { id } } }),
    onSettled: () => {
      void queries.invalidateQueries({ queryKey: ['get', '/api/campaigns/{id}'] });
      void queries.invalidateQueries({ queryKey: ['get', '/api/campaigns/{id}/delivery'] });
      void queries.invalidateQueries({ queryKey: ['get', '/api/campaigns'] });
    },
    onError: tellProblem,
  });
}
