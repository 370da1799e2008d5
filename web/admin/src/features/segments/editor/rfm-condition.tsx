/** Cells of the RFM grid as a small table of switches. */
import { useTranslation } from 'react-i18next';
import type { Condition } from '../tree';
import style from './editor.module.css';
import type { Change } from './event-conditions';

type Rfm = Extract<Condition, { kind: 'rfm' }>;

/** Upper bounds of days become rows, lower bounds of orders become columns. */
export function bandEdges(r: readonly number[], f: readonly number[]) {
  const rows = [...r, null].map((to, index) => ({ from: index === 0 ? 0 : (r[index - 1] ?? 0) + 1, to }));
  const columns = f.map((from, index) => ({
    from,
    to: index + 1 < f.length ? (f[index + 1] ?? 1) - 1 : null,
  }));
  return { rows, columns };
}

export function RfmCondition({ node, onChange }: { node: Rfm; onChange: Change<Condition> }) {
  const { t } = useTranslation('segments');
  const { rows, columns } = bandEdges(node.r, node.f);
  const has = (r: number, f: number) => node.cells.some((cell) => cell[0] === r && cell[1] === f);
  const toggle = (r: number, f: number) =>
    onChange({
      ...node,
      cells: has(r, f)
        ? node.cells.filter((cell) => cell[0] !== r || cell[1] !== f)
        : [...node.cells, [r, f]],
    });
  return (
    <div className={style.rfm}>
      <span>{t('say.rfm_count', { count: node.cells.length })}</span>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('rfm.corner')}</th>
            {columns.map((column) => (
              <th scope="col" key={column.from}>
                {t(
                  column.to === null ? 'rfm.f_open' : column.to === column.from ? 'rfm.f_one' : 'rfm.f_range',
                  column,
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, r) => (
            <tr key={row.from}>
              <th scope="row">
                {t(row.to === null ? 'rfm.r_open' : row.from === 0 ? 'rfm.r_first' : 'rfm.r_range', row)}
              </th>
              {columns.map((column, f) => (
                <td key={column.from}>
                  <button
                    type="button"
                    aria-pressed={has(r, f)}
                    aria-label={t('rfm.cell', { r: r + 1, f: f + 1 })}
                    onClick={() => toggle(r, f)}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
