/** The most bought things; free and fee lines are not products. */
import { useTranslation } from 'react-i18next';
import type { CustomerCard } from '../../api/types';
import { formatNumber } from '../../format/number';
import { Card, SectionTitle } from '../../ui/card';
import classes from './products.module.css';

export function Products({ card }: { card: CustomerCard }) {
  const { t } = useTranslation('customers');
  return (
    <Card>
      <SectionTitle title={t('products.title')} />
      {card.products.length === 0 && <p className="muted">{t('products.none')}</p>}
      <ul className={classes.list}>
        {card.products.map((product) => (
          <li key={product.sku}>
            <span>
              {product.name}
              <small>{product.sku}</small>
            </span>
            <b>
              {formatNumber(product.quantity)}
              <small>{t('products.pieces')}</small>
            </b>
            <span className="muted number">
              {formatNumber(product.orders)}
              {t('times')}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
