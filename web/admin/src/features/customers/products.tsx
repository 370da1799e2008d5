/** The most bought things; free and fee lines are not products. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CustomerCard } from '../../api/types';
import { formatNumber } from '../../format/number';
import { Card, SectionTitle } from '../../ui/card';
import classes from './products.module.css';

/** As many as one takes in at a glance; the rest is a click away. */
const FIRST = 5;

export function Products({ card }: { card: CustomerCard }) {
  const { t } = useTranslation('customers');
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? card.products : card.products.slice(0, FIRST);
  return (
    <Card>
      <SectionTitle
        title={t('products.title')}
        right={
          card.products.length > FIRST && (
            <button type="button" className="link" aria-expanded={isWhole} onClick={() => setWhole(!isWhole)}>
              {t(isWhole ? 'products.fewer' : 'products.all')}
            </button>
          )
        }
      />
      {card.products.length === 0 && <p className="muted">{t('products.none')}</p>}
      <ul className={classes.list}>
        {shown.map((product) => (
          <li key={product.sku}>
            <span>
              {product.name}
              <small>{product.sku}</small>
            </span>
            <b>
              {formatNumber(product.quantity)}
              <small>{t('products.pieces')}</small>
            </b>
            <span className="muted number nowrap">
              {formatNumber(product.orders)}
              {t('orders_unit', { count: product.orders })}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
