/** The frame of every chart: a title that says the finding, the unit, and the same figures as table and CSV. */
import { type ReactNode, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { SectionTitle } from './card';
import classes from './chart-frame.module.css';
import { type Cell, downloadCsv } from './csv';
import { FigureTable } from './figure-table';

export type ChartTable = {
  head: string[];
  rows: Cell[][];
  /** How the cells are written on the screen; by default as they are. */
  display?: string[][];
};

type Props = {
  title: ReactNode;
  note?: ReactNode;
  /** What the axis counts in, and what is cut off. */
  unit?: ReactNode;
  fileName: string;
  table: ChartTable;
  level?: 2 | 3;
  children: ReactNode;
};

export function ChartFrame({ title, note, unit, fileName, table, level, children }: Props) {
  const { t } = useTranslation('ui');
  const [isTable, setTable] = useState(false);
  const id = useId();
  const right = (
    <span className={classes.tools}>
      {unit && <span>{unit}</span>}
      <button
        type="button"
        className="link"
        aria-pressed={isTable}
        aria-controls={id}
        onClick={() => setTable((shown) => !shown)}
      >
        {isTable ? t('chart.chart') : t('chart.table')}
      </button>
      <button type="button" className="link" onClick={() => downloadCsv(fileName, table.head, table.rows)}>
        CSV
      </button>
    </span>
  );
  return (
    <figure className={classes.figure}>
      <figcaption>
        <SectionTitle title={title} note={note} right={right} level={level ?? 2} />
      </figcaption>
      <div id={id}>{isTable ? <FigureTable head={table.head} rows={displayOf(table)} /> : children}</div>
    </figure>
  );
}

function displayOf(table: ChartTable): string[][] {
  return table.display ?? table.rows.map((row) => row.map((cell) => (cell === null ? '–' : String(cell))));
}
