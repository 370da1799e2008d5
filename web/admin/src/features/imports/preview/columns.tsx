/** What each column means: found by itself where the header is known, corrected here where it is not. */
import { NativeSelect } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ImportField, ImportMapping, ImportPreview } from '../../../api/types';
import { Card, SectionTitle } from '../../../ui/card';
import style from '../imports.module.css';
import { mapColumn } from './choices';
import { useFieldName } from './use-field-name';

type Props = { preview: ImportPreview; mapping: ImportMapping; onChange: (mapping: ImportMapping) => void };

export function Columns({ preview, mapping, onChange }: Props) {
  const { t } = useTranslation('imports');
  const used = Object.values(mapping).filter((field) => field !== null).length;
  return (
    <Card>
      <SectionTitle
        title={t('columns.title')}
        note={t('columns.used', { used, all: preview.columns.length })}
      />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section className={style.columns} tabIndex={0} aria-label={t('columns.title')}>
        <table className={style.table}>
          <thead>
            <tr>
              <th scope="col">{t('columns.header')}</th>
              <th scope="col">{t('columns.sample')}</th>
              <th scope="col">{t('columns.field')}</th>
            </tr>
          </thead>
          <tbody>
            {preview.columns.map((column) => (
              <tr key={column.index}>
                <th scope="row">
                  {column.header || t('columns.unnamed', { at: column.index + 1 })}
                  <small>{t(`type.${column.type}`, { defaultValue: column.type })}</small>
                </th>
                <td className={style.sample}>{column.sample.slice(0, 3).join(' ／ ')}</td>
                <td>
                  <FieldSelect
                    label={t('columns.field_of', { header: column.header })}
                    fields={preview.fields}
                    value={mapping[String(column.index)] ?? null}
                    onChange={(field) => onChange(mapColumn(mapping, column.index, field))}
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </Card>
  );
}

type SelectProps = {
  label: string;
  fields: ImportField[];
  value: string | null;
  onChange: (field: string | null) => void;
};

function FieldSelect({ label, fields, value, onChange }: SelectProps) {
  const { t } = useTranslation('imports');
  const name = useFieldName();
  return (
    <NativeSelect
      size="xs"
      miw={170}
      aria-label={label}
      value={value ?? ''}
      onChange={(event) => onChange(event.currentTarget.value || null)}
    >
      <option value="">{t('columns.unused')}</option>
      {fields.map((field) => (
        <option key={field.field} value={field.field}>
          {name(field)}
          {field.required ? t('columns.required') : ''}
        </option>
      ))}
    </NativeSelect>
  );
}
