/** The same people and the same mail once more, with the comparison group that would have told more. */
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { client } from '../../api/client';
import type { CampaignResult } from '../../api/types';
import { tellProblem } from '../../ui/tell';

async function copyOf(result: CampaignResult, name: string): Promise<string | null> {
  const { data } = await client.GET('/api/campaigns/{id}', { params: { path: { id: result.campaign_id } } });
  if (!data) return null;
  const { segment_id, tree, mail } = data;
  const whom = segment_id ? { segment_id } : tree ? { tree } : {};
  const { data: made } = await client.POST('/api/campaigns', { body: { name, ...whom } });
  if (!made) return null;
  const holdout = result.next?.holdout ?? made.holdout;
  await client.PUT('/api/campaigns/{id}', {
    params: { path: { id: made.campaign_id } },
    body: { name, ...whom, mail, holdout, version: made.version },
  });
  return made.campaign_id;
}

export function useAgain(result: CampaignResult) {
  const { t } = useTranslation('results');
  const navigate = useNavigate();
  return useMutation({
    mutationFn: () => copyOf(result, t('next.copy_name', { name: result.name })),
    onSuccess: (campaignId) => {
      if (campaignId) void navigate({ to: '/campaigns/$campaignId', params: { campaignId } });
    },
    onError: tellProblem,
  });
}
