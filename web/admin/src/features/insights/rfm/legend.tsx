/** What the shades mean: the figures that each of them stands for. */
import { useTranslation } from 'react-i18next';
import type { Rfm } from '../../../api/types';
import type { RfmView } from '../search';
import { figure, salesScale } from './figure';
import classes from './legend.module.css';
import { type LegendStep, legendOf } from './shades';

export function Legend({ rfm, view }: { rfm: Rfm; view: RfmView }) {
  const { t } = useTranslation('insights');
  const { currency } = rfm.total.sales;
  const write = (value: number | null) =>
    value === null ? '' : value === 0 ? '0' : figure(value, view, currency);
  const range = ({ from, to }: LegendStep) => {
    const ends = { from: write(from), to: write(to) };
    // The smallest sales round to nothing: the shade of what is not nothing begins above it.
    if (from === null || (from === 1 && view === 'sales')) return t('legend.up_to', ends);
    if (to === null) return t('legend.over', ends);
    if (view === 'change') return t('legend.between_signed', ends);
    return ends.from === ends.to ? ends.from : t('legend.between', ends);
  };
  return (
    <div className={classes.legend}>
      <p>{t(`legend.${view}`, { unit: t(`rfm.scale.${salesScale(currency).name}`, { currency }) })}</p>
      <ul>
        {legendOf(rfm, view).map((step) => (
          <li key={step.background}>
            <i style={{ background: step.background }} aria-hidden="true" />
            {range(step)}
          </li>
        ))}
      </ul>
    </div>
  );
}
