/** The list of campaigns: what waits, what runs, what was learned. */
import { SegmentedControl } from '@mantine/core';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { $api } from '../../api/client';
import { useCan, useMe } from '../../api/queries';
import type { CampaignRow } from '../../api/types';
import { formatInstant } from '../../format/day';
import { Card } from '../../ui/card';
import { EmptyState } from '../../ui/empty-state';
import { LinkButton } from '../../ui/link-button';
import { Loaded } from '../../ui/loading';
import { PageHead } from '../../ui/page-head';
import { PhraseText } from '../../ui/phrase';
import style from './list.module.css';
import { STATES } from './search';
import { SimulatedTag, StateTag } from './state-tag';

export function CampaignsPage() {
  const { t } = useTranslation('campaigns');
  const { state } = useSearch({ from: '/signed-in/campaigns' });
  const campaigns = $api.useQuery('get', '/api/campaigns', { params: { query: { limit: 200 } } });
  const items = campaigns.data?.items ?? [];
  const shown = state ? items.filter((campaign) => campaign.state === state) : items;
  return (
    <>
      <PageHead title={t('title')} meta={t('list.lead')}>
        {items.length > 0 ? <NewButton /> : null}
      </PageHead>
      {items.length > 0 ? <StateFilter items={items} /> : null}
      <Card pad={false}>
        <Loaded query={campaigns}>
          {() => (items.length === 0 ? <NoCampaigns /> : <Rows items={shown} />)}
        </Loaded>
      </Card>
    </>
  );
}

function NewButton() {
  const { t } = useTranslation('campaigns');
  const can = useCan();
  if (!can('campaigns.write')) return <span className="muted small">{t('list.read_only')}</span>;
  return (
    <LinkButton to="/campaigns/new" variant="filled">
      {t('list.new')}
    </LinkButton>
  );
}

function NoCampaigns() {
  const { t } = useTranslation('campaigns');
  return (
    <EmptyState title={t('list.empty_title')} text={t('list.empty_text')}>
      <NewButton />
    </EmptyState>
  );
}

/** Only the states that there are, each with its number. */
function StateFilter({ items }: { items: CampaignRow[] }) {
  const { t } = useTranslation('campaigns');
  const { state } = useSearch({ from: '/signed-in/campaigns' });
  const navigate = useNavigate();
  const present = STATES.filter((one) => items.some((item) => item.state === one));
  const data = [
    { value: 'all', label: t('list.all', { count: items.length }) },
    ...present.map((one) => ({
      value: one,
      label: t('list.of_state', {
        state: t(`state_short.${one}`),
        count: items.filter((item) => item.state === one).length,
      }),
    })),
  ];
  return (
    <div className={style.filter}>
      <SegmentedControl
        aria-label={t('list.filter')}
        size="xs"
        value={state ?? 'all'}
        data={data}
        onChange={(next) => {
          const chosen = STATES.find((one) => one === next);
          void navigate({ to: '/campaigns', search: chosen ? { state: chosen } : {} });
        }}
      />
    </div>
  );
}

function Rows({ items }: { items: CampaignRow[] }) {
  const { t } = useTranslation('campaigns');
  if (items.length === 0) return <EmptyState title={t('list.none_of_state')} text="" />;
  return (
    <ul>
      {items.map((campaign) => (
        <Row key={campaign.campaign_id} campaign={campaign} />
      ))}
    </ul>
  );
}

function Row({ campaign }: { campaign: CampaignRow }) {
  const { t } = useTranslation('campaigns');
  const { campaign_id: id, people, sent, control, is_simulated, true_effect, headline } = campaign;
  return (
    <li className={style.row}>
      <div className={style.what}>
        <div className={style.line}>
          <CampaignLink campaign={campaign} />
          <StateTag campaign={campaign} />
          {is_simulated ? <SimulatedTag effect={true_effect} /> : null}
        </div>
        <p className="muted">{headline ? <PhraseText phrase={headline} /> : <Now campaign={campaign} />}</p>
      </div>
      <dl className={style.figures}>
        {people !== null && sent === 0 ? <Figure name={t('list.people')} value={people} /> : null}
        {sent > 0 ? <Figure name={t('list.sent')} value={sent} /> : null}
        {sent > 0 ? <Figure name={t('list.control')} value={control} /> : null}
      </dl>
      <div className={style.actions}>
        <Links id={id} campaign={campaign} />
      </div>
    </li>
  );
}

function Figure({ name, value }: { name: string; value: number }) {
  const { t } = useTranslation('campaigns');
  return (
    <div>
      <dt>{name}</dt>
      <dd>{t('figure', { value })}</dd>
    </div>
  );
}

function CampaignLink({ campaign }: { campaign: CampaignRow }) {
  const { campaign_id: campaignId, name, state } = campaign;
  const className = style.name;
  if (state === 'measuring' || state === 'finished')
    return (
      <Link to="/results/$campaignId" params={{ campaignId }} className={className}>
        {name}
      </Link>
    );
  if (state === 'draft')
    return (
      <Link to="/campaigns/$campaignId" params={{ campaignId }} className={className}>
        {name}
      </Link>
    );
  return (
    <Link to="/campaigns/$campaignId/delivery" params={{ campaignId }} className={className}>
      {name}
    </Link>
  );
}

function Now({ campaign }: { campaign: CampaignRow }) {
  const { t } = useTranslation('campaigns');
  const { zone } = useMe();
  const { state, scheduled_at, started_at } = campaign;
  if (state === 'scheduled' && scheduled_at)
    return t('list.scheduled_at', { at: formatInstant(scheduled_at, zone) });
  if (started_at) return t('list.started_at', { at: formatInstant(started_at, zone) });
  return t('list.not_sent');
}

function Links({ id, campaign }: { id: string; campaign: CampaignRow }) {
  const { t } = useTranslation('campaigns');
  const params = { campaignId: id };
  const { state, is_simulated } = campaign;
  if (state === 'draft')
    return (
      <Link className="link" to="/campaigns/$campaignId/confirm" params={params}>
        {t('list.to_confirm')}
      </Link>
    );
  const hasResult = state === 'measuring' || state === 'finished' || state === 'stopped';
  return (
    <>
      {hasResult ? (
        <Link className="link" to="/results/$campaignId" params={params}>
          {t('list.to_result')}
        </Link>
      ) : null}
      {is_simulated ? null : (
        <Link className="link" to="/campaigns/$campaignId/delivery" params={params}>
          {t('list.to_delivery')}
        </Link>
      )}
    </>
  );
}
