/** What will happen, in four numbers. */
import { useTranslation } from 'react-i18next';
import type { ImportPreview } from '../../../api/types';
import { formatNumber } from '../../../format/number';
import { Card, SectionTitle } from '../../../ui/card';
import style from '../imports.module.css';

export function Expected({ preview, isBehind }: { preview: ImportPreview; isBehind: boolean }) {
  const { t } = useTranslation('imports');
  const { expected } = preview;
  return (
    <Card>
      <SectionTitle title={t('expected.title')} note={isBehind ? t('expected.counting') : undefined} />
      {expected === null ? (
        <p className="muted">{t('expected.unknown')}</p>
      ) : (
        <dl className={style.tiles}>
          {(['new', 'changed', 'unchanged', 'rejected'] as const).map((kind) => (
            <div key={kind} data-attention={kind === 'rejected' && expected.rejected > 0}>
              <dt>{t(`expected.${kind}`)}</dt>
              <dd>{formatNumber(expected[kind])}</dd>
            </div>
          ))}
        </dl>
      )}
      <p className="muted small">{t('expected.note')}</p>
    </Card>
  );
}
