/** The frame of every chart: a title that says the finding, the unit, and the same figures as table and CSV. */
import { type ReactNode, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { SectionTitle } from './card';
import classes from './chart-frame.module.css';
import { type Cell, downloadCsv } from './csv';

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
      <div id={id}>{isTable ? <FigureTable table={table} /> : children}</div>
    </figure>
  );
}

function FigureTable({ table }: { table: ChartTable }) {
  const { t } = useTranslation('ui');
  const rows =
    table.display ?? table.rows.map((row) => row.map((cell) => (cell === null ? '–' : String(cell))));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className={classes.scroll} tabIndex={0} aria-label={t('chart.table')}>
      <table className={classes.table}>
        <thead>
          <tr>
            {table.head.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.join('|')}>
              {row.map((cell, column) =>
                column === 0 ? (
                  <th key={table.head[column]} scope="row">
                    {cell}
                  </th>
                ) : (
                  <td key={table.head[column]}>{cell}</td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
