/** The same people and the same mail once more, with the comparison group that would have told more. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
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
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => copyOf(result, t('next.copy_name', { name: result.name })),
    onSuccess: (campaignId) => {
      void queries.invalidateQueries({ queryKey: ['get', '/api/campaigns'] });
      // Until the page has changed, a second press would make a second copy.
      return campaignId ? navigate({ to: '/campaigns/$campaignId', params: { campaignId } }) : undefined;
    },
    onError: tellProblem,
  });
}
