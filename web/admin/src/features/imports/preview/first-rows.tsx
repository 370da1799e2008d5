/** The first rows as they will become: values in our words, what happens to each, and what is wrong with it. */
import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import type { ImportPreview } from '../../../api/types';
import { Card, SectionTitle } from '../../../ui/card';
import { ScrollX } from '../../../ui/scroll-x';
import style from '../imports.module.css';
import { useFieldName } from './use-field-name';

/** The server marks words of the file as code; a person reads quotation marks. */
const quoted = (text: string) => text.replaceAll(/`([^`]*)`/g, '“$1”');

export function FirstRows({ preview, isBehind }: { preview: ImportPreview; isBehind: boolean }) {
  const { t } = useTranslation('imports');
  const name = useFieldName();
  const labels = new Map(preview.fields.map((field) => [field.field, field]));
  const shown = [...new Set(preview.rows.flatMap((row) => Object.keys(row.values)))];
  return (
    <Card>
      <SectionTitle title={t('rows.title')} note={t('rows.note')} />
      <ScrollX className={style.scroll} label={t('rows.title')} isBusy={isBehind}>
        <table className={style.table}>
          <thead>
            <tr>
              <th scope="col">{t('rows.line')}</th>
              <th scope="col">{t('rows.outcome')}</th>
              {shown.map((field) => (
                <th scope="col" key={field}>
                  {name(labels.get(field) ?? { field, label: field })}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {preview.rows.map((row) => (
              <Fragment key={row.line}>
                <tr data-explained={row.problem ? true : undefined}>
                  <td>{row.line}</td>
                  <td>
                    <span className="tag" data-tone={row.problem ? 'attention' : undefined}>
                      {t(`outcome.${row.outcome}`, { defaultValue: row.outcome })}
                    </span>
                  </td>
                  {shown.map((field) => (
                    <td key={field}>{row.values[field] ?? ''}</td>
                  ))}
                </tr>
                {row.problem ? (
                  <tr>
                    <td colSpan={shown.length + 2}>
                      <small className={style.reason}>
                        {quoted(t(`reason.${row.problem}`, { defaultValue: row.problem }))}
                      </small>
                    </td>
                  </tr>
                ) : null}
              </Fragment>
            ))}
          </tbody>
        </table>
      </ScrollX>
    </Card>
  );
}
