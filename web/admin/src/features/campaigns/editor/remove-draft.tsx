/** Throws a draft away; the message that tells of it brings it back. */
import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { client } from '../../../api/client';
import { useCan } from '../../../api/queries';
import type { Campaign } from '../../../api/types';
import { tellProblem } from '../../../ui/tell';
import { tellUndo } from '../../../ui/tell-undo';
import type { Autosave } from './use-autosave';

/** A draft like the one that was removed; it gets a new address. */
async function bringBack({ name, segment_id, tree, mail, holdout }: Campaign): Promise<void> {
  const whom = segment_id ? { segment_id } : tree ? { tree } : {};
  const { data } = await client.POST('/api/campaigns', { body: { name, ...whom } });
  if (!data) return;
  await client.PUT('/api/campaigns/{id}', {
    params: { path: { id: data.campaign_id } },
    body: { name, ...whom, mail, holdout, version: data.version },
  });
}

export function RemoveDraft({ draft }: { draft: Autosave }) {
  const { t } = useTranslation('campaigns');
  const { campaign } = draft;
  const can = useCan();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const refresh = () => queries.invalidateQueries({ queryKey: ['get', '/api/campaigns'] });
  const remove = useMutation({
    mutationFn: async () => {
      // What was typed last comes back with the rest.
      const removed = (await draft.flush()) ?? { ...campaign, ...draft.fields };
      await client.DELETE('/api/campaigns/{id}', { params: { path: { id: campaign.campaign_id } } });
      return removed;
    },
    onSuccess: (removed) => {
      void refresh();
      void navigate({ to: '/campaigns', ignoreBlocker: true });
      tellUndo(t('editor.removed', { name: removed.name }), t('undo'), async () => {
        await bringBack(removed);
        await refresh();
      });
    },
    onError: tellProblem,
  });
  if (!can('campaigns.write') || campaign.state !== 'draft') return null;
  return (
    <Button variant="subtle" color="gray" loading={remove.isPending} onClick={() => remove.mutate()}>
      {t('editor.remove')}
    </Button>
  );
}
