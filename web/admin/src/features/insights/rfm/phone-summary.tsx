/** On a phone the selection stands under the grid, out of sight: how many are chosen, and the way to them, stay at hand. */
import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Rfm } from '../../../api/types';
import { formatNumber } from '../../../format/number';
import type { Cell } from './cells';
import { SELECTION_ID } from './panel';
import classes from './phone-summary.module.css';

type Props = { rfm: Rfm; cells: Cell[]; onClear: () => void };

export function PhoneSummary({ rfm, cells, onClear }: Props) {
  const { t } = useTranslation('insights');
  const people = cells.reduce((sum, [row, column]) => sum + (rfm.cells[row]?.[column]?.people ?? 0), 0);
  const show = () => document.getElementById(SELECTION_ID)?.scrollIntoView({ block: 'start' });
  return (
    <div className={classes.summary}>
      <p>
        <b>{formatNumber(people)}</b>
        {t('rfm.summary', { count: cells.length })}
      </p>
      <Button size="xs" variant="subtle" onClick={onClear}>
        {t('rfm.clear')}
      </Button>
      <Button size="xs" variant="filled" onClick={show}>
        {t('rfm.see_selection')}
      </Button>
    </div>
  );
}
