/** Who may be written to: by a column, by a declared basis with its proof, or nobody; and what that means. */
import { Radio, Textarea, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ImportMapping, ImportOptions } from '../../../api/types';
import { Card, SectionTitle } from '../../../ui/card';
import style from '../imports.module.css';
import { hasConsentColumn } from './choices';

type Props = { mapping: ImportMapping; options: ImportOptions; onChange: (options: ImportOptions) => void };

export function Consent({ mapping, options, onChange }: Props) {
  const { t } = useTranslation('imports');
  const hasColumn = hasConsentColumn(mapping);
  return (
    <Card>
      <SectionTitle title={t('consent.title')} />
      <Radio.Group
        aria-label={t('consent.title')}
        value={options.consent}
        onChange={(next) => onChange({ ...options, consent: next as ImportOptions['consent'] })}
      >
        <div className={style.stack}>
          <Radio
            value="column"
            label={t('consent.column')}
            description={t(hasColumn ? 'consent.column_found' : 'consent.column_missing')}
            disabled={!hasColumn}
          />
          <Radio value="declared" label={t('consent.declared')} description={t('consent.declared_note')} />
          {options.consent === 'declared' ? (
            <div className={style.inner}>
              <TextInput
                label={t('consent.basis')}
                placeholder={t('consent.basis_example')}
                value={options.consent_basis ?? ''}
                onChange={(event) =>
                  onChange({ ...options, consent_basis: event.currentTarget.value || null })
                }
              />
              <Textarea
                label={t('consent.proof')}
                description={t('consent.proof_note')}
                placeholder={t('consent.proof_example')}
                autosize
                minRows={2}
                value={options.consent_proof ?? ''}
                onChange={(event) =>
                  onChange({ ...options, consent_proof: event.currentTarget.value || null })
                }
              />
            </div>
          ) : null}
          <Radio value="none" label={t('consent.none')} description={t('consent.none_note')} />
        </div>
      </Radio.Group>
    </Card>
  );
}
