/** The list of results: what each campaign taught, one sentence each. */
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { $api } from '../../api/client';
import type { CampaignRow } from '../../api/types';
import { Card } from '../../ui/card';
import { EmptyState } from '../../ui/empty-state';
import { LinkButton } from '../../ui/link-button';
import { Loaded } from '../../ui/loading';
import { PageHead } from '../../ui/page-head';
import { PhraseText } from '../../ui/phrase';
import style from './list.module.css';
import { SimulatedTag } from './simulated-tag';

const hasResult = ({ state }: CampaignRow): boolean =>
  state === 'measuring' || state === 'finished' || state === 'stopped';

export function ResultsPage() {
  const { t } = useTranslation('results');
  const campaigns = $api.useQuery('get', '/api/campaigns', { params: { query: { limit: 200 } } });
  return (
    <>
      <PageHead title={t('title')} meta={t('list.lead')} />
      <Card pad={false}>
        <Loaded query={campaigns}>{({ items }) => <Rows items={items.filter(hasResult)} />}</Loaded>
      </Card>
    </>
  );
}

function Rows({ items }: { items: CampaignRow[] }) {
  const { t } = useTranslation('results');
  if (items.length === 0)
    return (
      <EmptyState title={t('list.empty_title')} text={t('list.empty_text')}>
        <LinkButton to="/campaigns" variant="filled">
          {t('list.to_campaigns')}
        </LinkButton>
      </EmptyState>
    );
  return (
    <ul>
      {items.map((campaign) => (
        <Row key={campaign.campaign_id} campaign={campaign} />
      ))}
    </ul>
  );
}

function Row({ campaign }: { campaign: CampaignRow }) {
  const { t } = useTranslation('results');
  const { campaign_id: campaignId, name, state, day_n, window_days, headline, sent, control } = campaign;
  const day = state === 'finished' ? window_days : (day_n ?? 0);
  return (
    <li className={style.row}>
      <div className={style.what}>
        <p className={style.line}>
          <Link to="/results/$campaignId" params={{ campaignId }} className={style.name}>
            {name}
          </Link>
          {campaign.is_simulated ? <SimulatedTag effect={campaign.true_effect} /> : null}
        </p>
        <p className={style.headline}>
          {headline ? <PhraseText phrase={headline} /> : state === 'measuring' ? t('measuring_title') : null}
        </p>
        <p className="muted small">{t('list.groups', { sent, control })}</p>
      </div>
      <div className={style.time}>
        <span className="tag" data-tone={state === 'measuring' ? 'good' : undefined}>
          {t(state === 'stopped' ? 'list.stopped' : 'day_of', { day, window: window_days })}
        </span>
        <span className={style.progress} aria-hidden="true">
          <i style={{ width: `${(100 * Math.min(day, window_days)) / window_days}%` }} />
        </span>
      </div>
    </li>
  );
}
