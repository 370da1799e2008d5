/** A number and what it counts: 3件, 2人, 5行. */
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../format/number';

type Props = { count: number; unit: 'orders' | 'customers' | 'lines' };

export function Counted({ count, unit }: Props) {
  const { t } = useTranslation('imports');
  return (
    <>
      {formatNumber(count)}
      <span className="unit">{t(`unit.${unit}`, { count })}</span>
    </>
  );
}
