/** What will be delivered, in words: subject, sender, content, and whether it leaves the house at all. */
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useCan } from '../../../api/queries';
import type { Campaign, Confirm } from '../../../api/types';
import { Card, SectionTitle } from '../../../ui/card';
import { countContent } from '../blocks';
import { useSaid } from '../use-said';
import style from './confirm.module.css';

export function Contents({ campaign, confirm }: { campaign: Campaign; confirm: Confirm }) {
  const { t } = useTranslation('campaigns');
  const { mail, campaign_id } = campaign;
  const said = useSaid();
  return (
    <Card>
      <SectionTitle
        title={t('contents.title')}
        right={
          <Link className="link" to="/campaigns/$campaignId" params={{ campaignId: campaign_id }}>
            {t('contents.edit')}
          </Link>
        }
      />
      <dl className={style.facts}>
        <dt>{t('field.subject')}</dt>
        <dd className="strong">{said(mail.subject) || t('preview.no_subject')}</dd>
        <dt>{t('contents.sender')}</dt>
        <dd>
          {mail.from_name} &lt;{mail.from_address}&gt;
        </dd>
        <dt>{t('contents.inside')}</dt>
        <dd>{useInside(campaign)}</dd>
        <dt>{t('contents.way')}</dt>
        <dd>
          <Way delivery={confirm.delivery} />
        </dd>
      </dl>
    </Card>
  );
}

function useInside({ mail }: Campaign): string {
  const { t } = useTranslation('campaigns');
  if (mail.mjml !== null) return t('contents.mjml');
  const { products, buttons, images } = countContent(mail.blocks);
  const said = [
    products > 0 ? t('contents.products', { count: products }) : null,
    buttons > 0 ? t('contents.buttons', { count: buttons }) : null,
    images > 0 ? t('contents.images', { count: images }) : null,
    t('contents.unsubscribe'),
  ];
  return said.filter(Boolean).join(t('list_mark'));
}

function Way({ delivery }: { delivery: Confirm['delivery'] }) {
  const { t } = useTranslation('campaigns');
  const can = useCan();
  if (delivery === 'smtp') return <>{t('contents.smtp')}</>;
  return (
    <>
      <span className="tag" data-tone="attention">
        {t('contents.capture_tag')}
      </span>{' '}
      {t('contents.capture')}{' '}
      {can('settings.manage') ? (
        <Link className="link" to="/settings/mail">
          {t('contents.set_up')}
        </Link>
      ) : null}
    </>
  );
}
