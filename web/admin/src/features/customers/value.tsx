/** What this person has been worth to the shop so far, after returns. */
import { useTranslation } from 'react-i18next';
import type { CustomerCard } from '../../api/types';
import { formatDate, formatDayShort } from '../../format/day';
import { formatMoney, moneyParts } from '../../format/money';
import { formatNumber } from '../../format/number';
import { Card } from '../../ui/card';
import { Formula } from '../../ui/formula';
import classes from './value.module.css';

export function Value({ card }: { card: CustomerCard }) {
  const { t } = useTranslation('customers');
  const { value } = card;
  const sales = moneyParts(value.sales);
  const average = value.average_order ? moneyParts(value.average_order) : null;
  return (
    <Card pad={false} label={t('value.label')}>
      <dl className={classes.value}>
        <div>
          <dt>
            <Formula formula={t('value.sales_formula')}>{t('value.sales')}</Formula>
          </dt>
          <dd>
            {sales.value}
            <small>{sales.unit}</small>
          </dd>
          <dd className={classes.note}>
            {value.refund_count > 0
              ? t('value.refunds', { count: value.refund_count, amount: formatMoney(value.refunds) })
              : t('value.no_refunds')}
          </dd>
        </div>
        <div>
          <dt>{t('value.orders')}</dt>
          <dd>
            {formatNumber(value.orders)}
            <small>{t('orders_unit', { count: value.orders })}</small>
          </dd>
          <dd className={classes.note}>
            {value.first_order_day ? t('value.first', { day: formatDate(value.first_order_day) }) : '–'}
          </dd>
        </div>
        <div>
          <dt>
            <Formula formula={t('value.average_formula')}>{t('value.average')}</Formula>
          </dt>
          <dd>
            {average?.value ?? '–'}
            <small>{average?.unit}</small>
          </dd>
          <dd className={classes.note}>
            {value.shop_average_order &&
              t('value.shop_average', { amount: formatMoney(value.shop_average_order) })}
          </dd>
        </div>
        <div>
          <dt>{t('value.recent')}</dt>
          <dd>
            {formatNumber(value.orders_90d)}
            <small>{t('orders_unit', { count: value.orders_90d })}</small>
          </dd>
          <dd className={classes.note}>
            {value.last_order_day ? t('value.last', { day: formatDayShort(value.last_order_day) }) : '–'}
          </dd>
        </div>
      </dl>
    </Card>
  );
}
