/** The start, or what is missing for it. */
import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { client } from '../../../api/client';
import { useCan, useMe } from '../../../api/queries';
import type { ImportPreview } from '../../../api/types';
import { Card } from '../../../ui/card';
import { keysOf } from '../../../ui/keys';
import { ProblemNotice } from '../../../ui/problem-notice';
import { problemTitle } from '../../../ui/tell';
import style from '../imports.module.css';
import { type Choices, findMissing } from './choices';
import { useFieldName } from './use-field-name';

type Props = { preview: ImportPreview; choices: Choices; error: unknown; onStarted: () => Promise<void> };

export function StartCard({ preview, choices, error, onStarted }: Props) {
  const { t } = useTranslation('imports');
  const { currency } = useMe();
  const can = useCan();
  const name = useFieldName();
  const missing = findMissing(preview, choices, currency);
  const label = (field: string) =>
    name(preview.fields.find((one) => one.field === field) ?? { field, label: field });
  const start = useMutation({
    mutationFn: () =>
      client.POST('/api/imports/{id}/start', { params: { path: { id: preview.import_id } }, body: choices }),
    onSuccess: onStarted,
  });
  const why = [
    ...(can('imports.run') ? [] : [t('start.no_permission')]),
    ...missing.map((one) =>
      one.code === 'field' ? t('missing.field', { field: label(one.field) }) : t(`missing.${one.code}`),
    ),
    ...preview.problems.map(problemTitle),
  ];
  const whyKeys = keysOf(why);
  return (
    <Card label={t('start.label')}>
      {error ? <ProblemNotice error={error} /> : null}
      {start.error ? <ProblemNotice error={start.error} /> : null}
      <Button
        variant="filled"
        fullWidth
        size="md"
        aria-describedby="import-start-why"
        aria-disabled={why.length > 0}
        data-disabled={why.length > 0 || undefined}
        loading={start.isPending}
        onClick={() => why.length === 0 && start.mutate()}
      >
        {t('start.button')}
      </Button>
      <ul id="import-start-why" className={style.why}>
        {why.map((reason, index) => (
          <li key={whyKeys[index]}>{reason}</li>
        ))}
      </ul>
      <p className="muted small">{t('start.note')}</p>
    </Card>
  );
}
