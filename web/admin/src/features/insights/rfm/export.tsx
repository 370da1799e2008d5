/** The grid as a table with every figure, on the screen and as CSV. */
import { Button } from '@mantine/core';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { Rfm } from '../../../api/types';
import { formatMoney, majorUnits } from '../../../format/money';
import { formatNumber, formatSigned } from '../../../format/number';
import { type Cell, downloadCsv } from '../../../ui/csv';
import { FigureTable } from '../../../ui/figure-table';
import { frequencyLabel, recencyLabel } from './words';

function tableOf(rfm: Rfm, t: TFunction): { head: string[]; rows: Cell[][]; display: string[][] } {
  const head = [
    t('insights:rfm.since_last'),
    t('insights:rfm.orders'),
    t('insights:rfm.views.people'),
    t('insights:rfm.sales_in', { currency: rfm.total.sales.currency }),
    t('insights:rfm.views.change'),
  ];
  const cells = rfm.r_bands.flatMap((r, row) =>
    rfm.f_bands.flatMap((f, column) => {
      const cell = rfm.cells[row]?.[column];
      return cell ? [{ r: recencyLabel(t, r), f: frequencyLabel(t, f), cell }] : [];
    }),
  );
  return {
    head,
    rows: cells.map(({ r, f, cell }) => [
      r,
      f,
      cell.people,
      majorUnits(cell.sales),
      cell.people - cell.people_90d_ago,
    ]),
    display: cells.map(({ r, f, cell }) => [
      r,
      f,
      formatNumber(cell.people),
      formatMoney(cell.sales),
      formatSigned(cell.people - cell.people_90d_ago),
    ]),
  };
}

type ToolsProps = { rfm: Rfm; isTable: boolean; onTable: (isTable: boolean) => void };

export function ExportTools({ rfm, isTable, onTable }: ToolsProps) {
  const { t } = useTranslation('insights');
  const save = () => {
    const { head, rows } = tableOf(rfm, t);
    downloadCsv(`najimi-rfm-${rfm.as_of}`, head, rows);
  };
  return (
    <>
      <Button size="xs" aria-pressed={isTable} onClick={() => onTable(!isTable)}>
        {isTable ? t('rfm.grid') : t('ui:chart.table')}
      </Button>
      <Button size="xs" onClick={save}>
        CSV
      </Button>
    </>
  );
}

export function RfmTable({ rfm }: { rfm: Rfm }) {
  const { t } = useTranslation('insights');
  const { head, display } = tableOf(rfm, t);
  return <FigureTable head={head} rows={display} />;
}
