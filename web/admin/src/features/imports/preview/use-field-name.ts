/** A field's name in the reader's language; the server's own label where there is none. */
import { useTranslation } from 'react-i18next';
import type { ImportField } from '../../../api/types';

export function useFieldName(): (field: Pick<ImportField, 'field' | 'label'>) => string {
  const { t, i18n } = useTranslation('imports');
  return ({ field, label }) => {
    const key = `field.${field.replaceAll('.', '_')}`;
    return i18n.exists(key, { ns: 'imports' }) ? t(key) : label || field;
  };
}
