/** The one sentence of ホーム, why, and the sales taken apart. */
import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useCan } from '../../api/queries';
import type { Home } from '../../api/types';
import { formatDayRange } from '../../format/day';
import { formatChange } from '../../format/number';
import { Card } from '../../ui/card';
import { useOpenPeople } from '../../ui/people';
import { Rich } from '../../ui/rich';
import classes from './headline.module.css';
import { biggestDayEffect, storyOf } from './story';
import { Waterfall } from './waterfall';

export function Headline({ home, days }: { home: Home; days: number }) {
  const { t } = useTranslation('home');
  return (
    <Card label={t('headline_label')} className={classes.hero} pad={false}>
      <div>
        <Sentence home={home} />
        <Why home={home} days={days} />
        <Buyers home={home} />
      </div>
      <Waterfall home={home} days={days} />
    </Card>
  );
}

function Sentence({ home }: { home: Home }) {
  const { t } = useTranslation('home');
  const { reason, stronger, weaker } = storyOf(home);
  const said = (driver: 'orders' | 'average') =>
    `${t(`driver.${driver}`)} ${formatChange(driver === 'orders' ? home.orders.change : home.average_order.change)}`;
  return (
    <h2 className={classes.sentence}>
      <span className={classes.sales} data-direction={home.sales.change < 0 ? 'down' : 'up'}>
        <Rich text={t('sales', { change: home.sales.change })} />
      </span>
      <span>
        {t(`story.${reason}`, {
          stronger: said(stronger),
          weaker: said(weaker),
          orders: said('orders'),
          average: said('average'),
        })}
      </span>
    </h2>
  );
}

function Why({ home, days }: { home: Home; days: number }) {
  const { t } = useTranslation('home');
  const big = home.biggest_day;
  return (
    <div className={classes.why}>
      {big && (
        <p>
          {t(`biggest.${big.in}`, { amount: big.amount, day: big.day, days })}{' '}
          {t(`biggest_effect.${biggestDayEffect(home)}`)}
        </p>
      )}
      <p>{t('refunds', { now: home.refunds.now, before: home.refunds.before })}</p>
    </div>
  );
}

function Buyers({ home }: { home: Home }) {
  const { t } = useTranslation('home');
  const open = useOpenPeople();
  const period = { range: formatDayRange(home.period.from, home.period.to) };
  const can = useCan();
  if (!can('customers.read')) return null;
  return (
    <Button
      loading={open.isPending}
      onClick={() => open.mutate({ people: home.buyers.people, title: t('buyers_title', period) })}
      mt={14}
    >
      {t('see_buyers', { count: home.buyers.now })}
    </Button>
  );
}
