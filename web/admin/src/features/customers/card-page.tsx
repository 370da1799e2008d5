/** The customer card: what matters now first, then value, tastes, segments with why, consents and one timeline. */
import { useParams } from '@tanstack/react-router';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { $api } from '../../api/client';
import type { CustomerCard } from '../../api/types';
import { formatDate } from '../../format/day';
import { Loaded } from '../../ui/loading';
import { PageHead } from '../../ui/page-head';
import classes from './card-page.module.css';
import { Consents } from './consents';
import { InSegments } from './in-segments';
import { Now } from './now';
import { Products } from './products';
import { Timeline } from './timeline';
import { Value } from './value';

export function CustomerPage() {
  const { customerId } = useParams({ from: '/signed-in/customers/$customerId' });
  const card = $api.useQuery('get', '/api/customers/{id}', { params: { path: { id: customerId } } });
  return (
    <Loaded query={card} height={640}>
      {(data) => <CardBody card={data} />}
    </Loaded>
  );
}

function CardBody({ card }: { card: CustomerCard }) {
  return (
    <>
      <Who card={card} />
      <div className={classes.layout}>
        <div className={classes.column}>
          <Now card={card} />
          <Value card={card} />
          <div className={classes.pair}>
            <Products card={card} />
            <InSegments customerId={card.customer_id} />
          </div>
        </div>
        <div className={classes.column}>
          <Consents card={card} />
          <Timeline customerId={card.customer_id} />
        </div>
      </div>
    </>
  );
}

/** "31-60" → 31〜60日, "10-" and "10+" → 10回〜, "1" → 1回 */
function bandText(t: TFunction, axis: 'r' | 'f', band: string): string {
  const [from = band, to] = band.split(/[-+〜]/);
  if (to === undefined || to === from)
    return t(`customers:band_${axis}.exactly`, { from, count: Number(from) });
  return t(`customers:band_${axis}.${to === '' ? 'over' : 'between'}`, { from, to });
}

function Who({ card }: { card: CustomerCard }) {
  const { t } = useTranslation('customers');
  const bits = [
    card.company,
    card.birthday && card.age !== null
      ? t('born', { day: formatDate(card.birthday), age: card.age })
      : card.age !== null && t('age', { age: card.age }),
    card.sex && t(`sex.${card.sex}`, { defaultValue: card.sex }),
    [card.prefecture, card.city].filter(Boolean).join(''),
  ].filter(Boolean);
  const initial = card.name.replace(/^(株式会社|有限会社|合同会社)\s*/, '').slice(0, 1);
  return (
    <div className={classes.who}>
      <span className={classes.initial} aria-hidden="true">
        {initial}
      </span>
      <div className={classes.names}>
        <PageHead
          title={card.name}
          crumbs={[{ label: t('title'), to: '/customers' }]}
          {...(card.number ? { here: card.number } : {})}
          meta={card.kana}
        />
        <p className="muted">
          {bits.join('・')}
          {card.band && (
            <>
              {bits.length > 0 && '・'}
              <span className="tag">
                {t('band', {
                  r: bandText(t, 'r', card.band.r),
                  f: bandText(t, 'f', card.band.f),
                })}
              </span>
            </>
          )}
        </p>
      </div>
    </div>
  );
}
