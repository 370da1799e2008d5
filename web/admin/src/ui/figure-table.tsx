/** The figures of a chart as a plain table. The first column names the row. */
import { useTranslation } from 'react-i18next';
import classes from './figure-table.module.css';
import { keysOf } from './keys';
import { ScrollX } from './scroll-x';

export function FigureTable({ head, rows }: { head: string[]; rows: string[][] }) {
  const { t } = useTranslation('ui');
  const columns = keysOf(head);
  const keys = keysOf(rows.map((row) => row.join('|')));
  return (
    <ScrollX className={classes.scroll} label={t('chart.table')}>
      <table className={classes.table}>
        <thead>
          <tr>
            {head.map((name, column) => (
              <th key={columns[column]} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={keys[index]}>
              {row.map((cell, column) =>
                column === 0 ? (
                  <th key={columns[column]} scope="row">
                    {cell}
                  </th>
                ) : (
                  <td key={columns[column]}>{cell}</td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollX>
  );
}
