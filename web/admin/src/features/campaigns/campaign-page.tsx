/** A campaign at its own address: the editor while it is a draft, afterwards the way to what became of it. */
import { Navigate, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { $api } from '../../api/client';
import { useCan } from '../../api/queries';
import type { Campaign } from '../../api/types';
import { Card } from '../../ui/card';
import { EmptyState } from '../../ui/empty-state';
import { Loaded } from '../../ui/loading';
import { CampaignEditor } from './editor/campaign-editor';

export function CampaignPage() {
  const { campaignId } = useParams({ from: '/signed-in/campaigns/$campaignId' });
  const campaign = $api.useQuery(
    'get',
    '/api/campaigns/{id}',
    { params: { path: { id: campaignId } } },
    { staleTime: 0, refetchOnMount: 'always' },
  );
  if (campaign.isFetching && !campaign.isFetchedAfterMount)
    return (
      <Loaded query={{ ...campaign, data: undefined }} height={420}>
        {() => null}
      </Loaded>
    );
  return (
    <Loaded query={campaign} height={420}>
      {(data) => <Chosen campaign={data} />}
    </Loaded>
  );
}

function Chosen({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation('campaigns');
  const can = useCan();
  const params = { campaignId: campaign.campaign_id };
  if (campaign.is_simulated) return <Navigate to="/results/$campaignId" params={params} replace />;
  if (campaign.state !== 'draft')
    return <Navigate to="/campaigns/$campaignId/delivery" params={params} replace />;
  if (!can('campaigns.write'))
    return (
      <Card>
        <EmptyState level={1} title={campaign.name} text={t('editor.read_only')} />
      </Card>
    );
  return <CampaignEditor key={campaign.campaign_id} campaign={campaign} />;
}
