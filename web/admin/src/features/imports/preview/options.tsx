/** Where the lines come from, and in which money. */
import { Select, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useMe } from '../../../api/queries';
import type { ImportOptions, ImportPreview } from '../../../api/types';
import { Card, SectionTitle } from '../../../ui/card';
import style from '../imports.module.css';
import { narrowRate, needsRate } from './choices';

const CURRENCIES = ['JPY', 'GBP', 'USD', 'EUR', 'CNY', 'KRW', 'TWD', 'HKD', 'SGD', 'THB', 'AUD', 'CAD'];

type Props = { preview: ImportPreview; options: ImportOptions; onChange: (options: ImportOptions) => void };

export function Options({ preview, options, onChange }: Props) {
  const { t } = useTranslation('imports');
  const { currency } = useMe();
  const currencies = CURRENCIES.includes(options.currency) ? CURRENCIES : [options.currency, ...CURRENCIES];
  return (
    <Card>
      <SectionTitle title={t('options.title')} />
      <div className={style.stack}>
        <TextInput
          label={t('options.source')}
          description={t('options.source_note')}
          value={options.source}
          onChange={(event) => onChange({ ...options, source: event.currentTarget.value })}
        />
        {preview.kind === 'orders' ? (
          <Select
            label={t('options.currency')}
            allowDeselect={false}
            data={currencies}
            value={options.currency}
            onChange={(next) => next && onChange({ ...options, currency: next })}
          />
        ) : null}
        {needsRate(preview, options, currency) ? (
          <TextInput
            label={t('options.rate', { from: options.currency, to: currency })}
            description={t('options.rate_note')}
            inputMode="decimal"
            placeholder="150"
            value={options.rate ?? ''}
            onChange={(event) =>
              onChange({ ...options, rate: narrowRate(event.currentTarget.value) || null })
            }
          />
        ) : null}
      </div>
    </Card>
  );
}
