/** Every line is accounted for: all = this class + that class; each class opens its lines or goes out as CSV. */
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Import } from '../../../api/types';
import { formatNumber } from '../../../format/number';
import { Card, SectionTitle } from '../../../ui/card';
import style from '../imports.module.css';
import { accountOf } from './sum';

export function Account({ data }: { data: Import }) {
  const { t } = useTranslation('imports');
  const { total, isWhole } = accountOf(data);
  const isUndone = data.state === 'undone';
  const name = (code: string) => t(`class.${code}`, { defaultValue: code });
  return (
    <Card>
      <SectionTitle
        title={t(isUndone ? 'account.title_undone' : 'account.title')}
        note={isUndone ? t('account.note_undone') : undefined}
      />
      <p className={style.sum}>
        <b>{t('lines', { count: total })}</b>
        <span aria-hidden="true">＝</span>
        {data.classes.map((one, index) => (
          <span key={one.class} className="nowrap">
            {index > 0 ? (
              <span aria-hidden="true" className={style.plus}>
                ＋
              </span>
            ) : null}
            <Link
              className="link"
              to="/imports/$importId"
              params={{ importId: data.import_id }}
              search={{ class: one.class }}
            >
              {name(one.class)} {formatNumber(one.count)}
            </Link>
          </span>
        ))}
      </p>
      {isWhole ? null : <p className="down small">{t('account.not_whole', { lines: data.lines ?? 0 })}</p>}
      <table className={`${style.table} ${style.account}`}>
        <thead>
          <tr>
            <th scope="col">{t('account.class')}</th>
            <th scope="col" className={style.count}>
              {t('account.count')}
            </th>
            <th scope="col" className={style.means}>
              {t(isUndone ? 'account.meant' : 'account.means')}
            </th>
            <th scope="col">CSV</th>
          </tr>
        </thead>
        <tbody>
          {data.classes.map((one) => (
            <tr key={one.class}>
              <th scope="row">
                <Link
                  className="link"
                  to="/imports/$importId"
                  params={{ importId: data.import_id }}
                  search={{ class: one.class }}
                >
                  {name(one.class)}
                </Link>
              </th>
              <td className={`strong ${style.count}`}>{formatNumber(one.count)}</td>
              <td className={`muted ${style.means}`}>
                {t(`class_text.${one.class}`, {
                  defaultValue: t(one.is_accepted ? 'account.accepted' : 'account.rejected'),
                })}
              </td>
              <td>
                <a
                  className="link"
                  href={csvAddress(data.import_id, one.class)}
                  download
                  aria-label={t('account.csv_of', { name: name(one.class) })}
                >
                  CSV
                </a>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}

const csvAddress = (id: string, code: string): string =>
  `/api/imports/${encodeURIComponent(id)}/lines.csv?class=${encodeURIComponent(code)}`;
