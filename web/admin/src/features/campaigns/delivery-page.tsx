/** What becomes of the mails: progress, pause and stop, the states, and every message. */
import { Link, Navigate, useParams } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { $api } from '../../api/client';
import { useMe } from '../../api/queries';
import type { Campaign, Delivery } from '../../api/types';
import { formatInstant } from '../../format/day';
import { Card } from '../../ui/card';
import { Loaded } from '../../ui/loading';
import { PageHead } from '../../ui/page-head';
import { Controls } from './delivery/controls';
import { underWay } from './delivery/counts';
import style from './delivery/delivery.module.css';
import { Messages } from './delivery/messages';
import { Progress } from './delivery/progress';
import { States } from './delivery/states';
import { StateTag } from './state-tag';

const POLL_MS = 1000;

/** A campaign may count as sent while its last mails are still on the way: the page follows until the last one. */
function isMoving(state: Campaign['state'] | undefined, delivery: Delivery | undefined): boolean {
  if (state === 'sending' || state === 'scheduled') return true;
  return state === 'measuring' && delivery !== undefined && (delivery.total === 0 || underWay(delivery) > 0);
}

export function DeliveryPage() {
  const { campaignId } = useParams({ from: '/signed-in/campaigns/$campaignId/delivery' });
  const params = { path: { id: campaignId } };
  const campaign = $api.useQuery(
    'get',
    '/api/campaigns/{id}',
    { params },
    {
      staleTime: 0,
      refetchInterval: (query) => (isMoving(query.state.data?.state, undefined) ? POLL_MS : false),
    },
  );
  const delivery = $api.useQuery(
    'get',
    '/api/campaigns/{id}/delivery',
    { params },
    {
      staleTime: 0,
      refetchInterval: (query) => (isMoving(campaign.data?.state, query.state.data) ? POLL_MS : false),
    },
  );
  // The counts may be from before the campaign moved on: one more look whenever it does.
  const state = campaign.data?.state;
  const { refetch } = delivery;
  useEffect(() => {
    if (state) void refetch();
  }, [state, refetch]);
  return (
    <Loaded query={campaign} height={420}>
      {(data) => <Whole campaign={data} delivery={delivery} />}
    </Loaded>
  );
}

type WholeProps = { campaign: Campaign; delivery: Parameters<typeof Loaded<Delivery>>[0]['query'] };

function Whole({ campaign, delivery }: WholeProps) {
  const { t } = useTranslation('campaigns');
  const { zone } = useMe();
  const params = { campaignId: campaign.campaign_id };
  if (campaign.state === 'draft') return <Navigate to="/campaigns/$campaignId" params={params} replace />;
  return (
    <>
      <PageHead
        title={campaign.name}
        crumbs={[{ label: t('title'), to: '/campaigns' }]}
        meta={
          <>
            <StateTag campaign={campaign} />{' '}
            {campaign.scheduled_at && campaign.state === 'scheduled'
              ? t('list.scheduled_at', { at: formatInstant(campaign.scheduled_at, zone) })
              : campaign.started_at
                ? t('list.started_at', { at: formatInstant(campaign.started_at, zone) })
                : null}
          </>
        }
      >
        <Controls campaign={campaign} />
      </PageHead>
      <Loaded query={delivery} height={220}>
        {(counts) => (
          <div className={style.layout}>
            <Card className={style.main}>
              <Progress campaign={campaign} delivery={counts} />
            </Card>
            <States campaign={campaign} delivery={counts} />
          </div>
        )}
      </Loaded>
      <Messages campaignId={campaign.campaign_id} isMoving={isMoving(campaign.state, delivery.data)} />
      <p className={style.foot}>
        {t('delivery.bounces')}{' '}
        <Link className="link" to="/results/$campaignId" params={params}>
          {t('list.to_result')}
        </Link>
      </p>
    </>
  );
}
