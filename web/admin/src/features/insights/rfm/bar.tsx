/** Above the grid: what the cells count and of whom and when. */
import { SegmentedControl } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Rfm } from '../../../api/types';
import { addDays, formatDayShort } from '../../../format/day';
import { formatNumber } from '../../../format/number';
import { Formula } from '../../../ui/formula';
import { RFM_VIEWS, type RfmView } from '../search';
import classes from './bar.module.css';
import { salesScale } from './figure';

export function Bar({ rfm, view, onView }: { rfm: Rfm; view: RfmView; onView: (view: RfmView) => void }) {
  const { t } = useTranslation('insights');
  const { currency } = rfm.total.sales;
  const unit = {
    people: t('rfm.unit_people'),
    sales: t('rfm.unit_sales', { unit: t(`rfm.scale.${salesScale(currency).name}`, { currency }) }),
    change: t('rfm.unit_change', { day: formatDayShort(addDays(rfm.as_of, -90)) }),
  }[view];
  return (
    <div className={classes.bar}>
      <SegmentedControl
        size="xs"
        aria-label={t('rfm.view')}
        value={view}
        onChange={(value) => onView(RFM_VIEWS.find((known) => known === value) ?? 'people')}
        data={RFM_VIEWS.map((known) => ({ value: known, label: t(`rfm.views.${known}`) }))}
      />
      <span className="muted small">
        <Formula formula={t('rfm.formula')}>R × F</Formula>
        {t('rfm.covers', { people: formatNumber(rfm.total.people), day: formatDayShort(rfm.as_of), unit })}
      </span>
    </div>
  );
}
