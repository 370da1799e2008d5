/** How the person may be reached, since when and on what ground, and when the next message is allowed. */
import { useTranslation } from 'react-i18next';
import type { Consent, CustomerCard } from '../../api/types';
import { formatDate, formatDayShort } from '../../format/day';
import { Card, SectionTitle } from '../../ui/card';
import classes from './consents.module.css';

export function Consents({ card }: { card: CustomerCard }) {
  const { t } = useTranslation('customers');
  const address = { email: card.email, phone: card.phone, post: null };
  return (
    <Card>
      <SectionTitle title={t('consent.title')} />
      <dl className={classes.list}>
        {card.consents.map((consent) => (
          <Channel key={consent.channel} consent={consent} address={address[consent.channel]} />
        ))}
      </dl>
      <p className={classes.next}>
        <NextMail next={card.next_mail} />
      </p>
    </Card>
  );
}

function NextMail({ next }: { next: CustomerCard['next_mail'] }) {
  const { t } = useTranslation('customers');
  if (next.allowed) return t('consent.next_now');
  if (next.on) return t('consent.next_on', { day: formatDayShort(next.on) });
  return t(`consent.next_reason.${next.reason ?? 'unknown'}`, {
    defaultValue: t('consent.next_reason.unknown'),
  });
}

function Channel({ consent, address }: { consent: Consent; address: string | null }) {
  const { t } = useTranslation('customers');
  const ground = [consent.since && formatDate(consent.since.slice(0, 10)), consent.basis]
    .filter(Boolean)
    .join('・');
  return (
    <>
      <dt>{t(`consent.channel.${consent.channel}`)}</dt>
      <dd>
        <span className="tag" data-tone={consent.state === 'granted' ? 'good' : undefined}>
          {t(`consent.state.${consent.state}`)}
        </span>
        {ground && <small>{ground}</small>}
        {address && <div>{address}</div>}
      </dd>
    </>
  );
}
