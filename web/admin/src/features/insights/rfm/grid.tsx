/** The RFM grid: rows are days since the last order, columns the number of orders, each cell a group of people. */
import type { CSSProperties } from 'react';
import { useTranslation } from 'react-i18next';
import type { Rfm, RfmCell } from '../../../api/types';
import { formatMoneyShort } from '../../../format/money';
import { formatSigned } from '../../../format/number';
import { ScrollX } from '../../../ui/scroll-x';
import type { RfmView } from '../search';
import { type Cell, edgesOf, keyOf } from './cells';
import { figure } from './figure';
import classes from './grid.module.css';
import { figureOf, shadesOf } from './shades';
import { useDrag } from './use-drag';
import { frequencyLabel, recencyLabel } from './words';

type Props = { rfm: Rfm; view: RfmView; selected: Cell[]; onSelect: (cells: Cell[]) => void };

export function RfmGrid({ rfm, view, selected, onSelect }: Props) {
  const { t } = useTranslation('insights');
  const size = { rows: rfm.r_bands.length, columns: rfm.f_bands.length };
  const { shown, focus, setFocus, handlers } = useDrag(selected, size, onSelect);
  const chosen = new Set(shown.map(keyOf));
  const currency = rfm.total.sales.currency;
  const shadeOf = shadesOf(rfm, view);
  const sum = (cells: (RfmCell | undefined)[]) =>
    figure(
      cells.reduce((total, cell) => total + (cell ? figureOf(cell, view) : 0), 0),
      view,
      currency,
    );
  return (
    <ScrollX className={classes.scroll} label={t('rfm.grid')}>
      <table
        className={classes.grid}
        data-view={view}
        style={{ '--columns': size.columns } as CSSProperties}
        {...handlers}
      >
        <caption className="visually-hidden">{t('rfm.caption')}</caption>
        <thead>
          <tr>
            <td className={classes.corner}>{t('rfm.since_last')}</td>
            {rfm.f_bands.map((band) => (
              <th key={band.from} scope="col">
                {frequencyLabel(t, band)}
              </th>
            ))}
            <th scope="col" className={classes.total}>
              {t('total')}
            </th>
          </tr>
        </thead>
        <tbody>
          {rfm.r_bands.map((band, row) => (
            <tr key={band.from}>
              <th scope="row">{recencyLabel(t, band)}</th>
              {rfm.f_bands.map((column, index) => {
                const cell = rfm.cells[row]?.[index];
                const at: Cell = [row, index];
                if (!cell) return <td key={column.from} />;
                const name = t('rfm.cell', {
                  recency: recencyLabel(t, band),
                  frequency: frequencyLabel(t, column),
                  people: cell.people,
                  sales: formatMoneyShort(cell.sales),
                  difference: formatSigned(cell.people - cell.people_90d_ago),
                });
                const written = figure(figureOf(cell, view), view, currency);
                const isChosen = chosen.has(keyOf(at));
                return (
                  <td key={column.from}>
                    <button
                      type="button"
                      className={classes.cell}
                      data-cell={keyOf(at)}
                      data-edges={isChosen ? edgesOf(at, chosen) : undefined}
                      aria-pressed={isChosen}
                      aria-label={view === 'sales' ? `${written} – ${name}` : name}
                      title={name}
                      tabIndex={keyOf(focus) === keyOf(at) ? 0 : -1}
                      onFocus={() => setFocus(at)}
                      style={shadeOf(cell)}
                    >
                      {written}
                    </button>
                  </td>
                );
              })}
              <td className={classes.total}>{sum(rfm.cells[row] ?? [])}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{t('total')}</th>
            {rfm.f_bands.map((band, column) => (
              <td key={band.from}>{sum(rfm.cells.map((cells) => cells[column]))}</td>
            ))}
            <td className={classes.all}>{sum(rfm.cells.flat())}</td>
          </tr>
        </tfoot>
      </table>
    </ScrollX>
  );
}
