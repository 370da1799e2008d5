/** 施策: what is drafted, running and finished, each with its one-sentence state. */
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useCan } from '../../api/queries';
import type { CampaignRow } from '../../api/types';
import { Card, SectionTitle } from '../../ui/card';
import { LinkButton } from '../../ui/link-button';
import { PhraseText } from '../../ui/phrase';
import classes from './running.module.css';

export function Running({ campaigns }: { campaigns: CampaignRow[] }) {
  const { t } = useTranslation('home');
  const can = useCan();
  return (
    <section>
      <SectionTitle
        title={t('campaigns.title')}
        note={campaigns.length > 0 ? t('campaigns.note', { count: campaigns.length }) : undefined}
        right={
          <Link to="/campaigns" className="link">
            {t('campaigns.all')}
          </Link>
        }
      />
      <Card as="div" pad={false}>
        {campaigns.length === 0 && (
          <div className={classes.empty}>
            <p>{t('campaigns.none')}</p>
            {can('campaigns.write') && (
              <LinkButton size="xs" to="/campaigns/new">
                {t('findings.create')}
              </LinkButton>
            )}
          </div>
        )}
        <ul className={classes.list}>
          {campaigns.map((campaign) => (
            <CampaignItem key={campaign.campaign_id} campaign={campaign} />
          ))}
        </ul>
      </Card>
    </section>
  );
}

const BEFORE_SENDING: readonly CampaignRow['state'][] = ['draft', 'scheduled'];

function CampaignItem({ campaign }: { campaign: CampaignRow }) {
  const { t } = useTranslation('home');
  const params = { campaignId: campaign.campaign_id };
  const isBefore = BEFORE_SENDING.includes(campaign.state);
  return (
    <li>
      <div className={classes.head}>
        <Link
          to={isBefore ? '/campaigns/$campaignId' : '/results/$campaignId'}
          params={params}
          className={classes.name}
        >
          {campaign.name}
        </Link>
        <span className="tag" data-tone={campaign.state === 'finished' ? 'good' : undefined}>
          {campaign.day_n === null
            ? t(`state.${campaign.state}`)
            : t('day_state', { day: campaign.day_n, state: t(`state.${campaign.state}`) })}
        </span>
      </div>
      <p>
        {campaign.headline ? (
          <PhraseText phrase={campaign.headline} />
        ) : (
          <State campaign={campaign} isBefore={isBefore} />
        )}
      </p>
      {campaign.is_simulated && (
        <p>
          <span className="tag" data-tone="demo">
            {t(campaign.true_effect === 0 ? 'simulated_none' : 'simulated', {
              effect: campaign.true_effect ?? 0,
            })}
          </span>
        </p>
      )}
    </li>
  );
}

function State({ campaign, isBefore }: { campaign: CampaignRow; isBefore: boolean }) {
  const { t } = useTranslation('home');
  if (!isBefore) return t('campaigns.sent', { sent: campaign.sent, control: campaign.control });
  return (
    <>
      {campaign.people !== null && t('campaigns.chosen', { count: campaign.people })}{' '}
      <Link
        to="/campaigns/$campaignId/confirm"
        params={{ campaignId: campaign.campaign_id }}
        className="link"
      >
        {t('campaigns.confirm')}
      </Link>
    </>
  );
}
