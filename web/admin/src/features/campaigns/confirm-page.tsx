/** 送信前の確認: who gets it, who is left to compare with, what can be learned, and the one button. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Navigate, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { $api, client } from '../../api/client';
import type { Campaign, Confirm } from '../../api/types';
import { Loaded } from '../../ui/loading';
import { PageHead } from '../../ui/page-head';
import { tellProblem } from '../../ui/tell';
import style from './confirm/confirm.module.css';
import { Contents } from './confirm/contents';
import { Detectable } from './confirm/detectable';
import { Funnel } from './confirm/funnel';
import { SendCard } from './confirm/send-card';

const campaignOptions = (id: string) =>
  $api.queryOptions('get', '/api/campaigns/{id}', { params: { path: { id } } }, { staleTime: 0 });

export function ConfirmPage() {
  const { campaignId } = useParams({ from: '/signed-in/campaigns/$campaignId/confirm' });
  const campaign = $api.useQuery(
    'get',
    '/api/campaigns/{id}',
    { params: { path: { id: campaignId } } },
    { staleTime: 0 },
  );
  return (
    <Loaded query={campaign} height={520}>
      {(data) => <ForDraft campaign={data} />}
    </Loaded>
  );
}

function ForDraft({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation('campaigns');
  const params = { campaignId: campaign.campaign_id };
  const holdout = useHoldout(campaign);
  const confirm = $api.useQuery(
    'get',
    '/api/campaigns/{id}/confirm',
    { params: { path: { id: campaign.campaign_id }, query: { holdout: holdout.value } } },
    { staleTime: 0, placeholderData: (previous) => previous },
  );
  if (campaign.state !== 'draft')
    return <Navigate to="/campaigns/$campaignId/delivery" params={params} replace />;
  return (
    <>
      <PageHead
        title={t('confirm.title')}
        crumbs={[
          { label: t('title'), to: '/campaigns' },
          { label: campaign.name, to: `/campaigns/${campaign.campaign_id}` },
        ]}
        meta={t('confirm.nothing_sent')}
      />
      <Loaded query={confirm} height={520}>
        {(data) => (
          <Parts
            campaign={campaign}
            confirm={data}
            holdout={holdout.value}
            onHoldout={holdout.change}
            isBehind={confirm.isPlaceholderData || holdout.isSaving}
          />
        )}
      </Loaded>
    </>
  );
}

type PartsProps = {
  campaign: Campaign;
  confirm: Confirm;
  holdout: number;
  onHoldout: (holdout: number) => void;
  isBehind: boolean;
};

function Parts({ campaign, confirm, holdout, onHoldout, isBehind }: PartsProps) {
  return (
    <div className={style.layout} aria-busy={isBehind}>
      <div className={style.column}>
        <Funnel confirm={confirm} />
        <Contents campaign={campaign} confirm={confirm} />
      </div>
      <aside className={style.column}>
        <Detectable confirm={confirm} holdout={holdout} onHoldout={onHoldout} />
        <SendCard campaign={campaign} confirm={confirm} isBehind={isBehind} />
      </aside>
    </div>
  );
}

/** The share of the comparison group belongs to the draft: it is saved when it is chosen, shown at once. */
function useHoldout(campaign: Campaign) {
  const queries = useQueryClient();
  const options = campaignOptions(campaign.campaign_id);
  const save = useMutation({
    mutationFn: async (holdout: number) => {
      const { name, segment_id, tree, mail, version } = campaign;
      const whom = segment_id ? { segment_id } : { tree };
      const { data } = await client.PUT('/api/campaigns/{id}', {
        params: { path: { id: campaign.campaign_id } },
        body: { name, ...whom, mail, holdout, version },
      });
      return data;
    },
    onSuccess: (saved) => {
      if (saved) queries.setQueryData(options.queryKey, saved);
    },
    onError: (error) => {
      tellProblem(error);
      void queries.invalidateQueries({ queryKey: options.queryKey });
    },
  });
  return {
    value: save.isPending ? save.variables : campaign.holdout,
    change: (holdout: number) => {
      if (!save.isPending) save.mutate(holdout);
    },
    isSaving: save.isPending,
  };
}
