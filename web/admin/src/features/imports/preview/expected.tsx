/** What will happen, in four numbers: of the whole file, in orders or people, and the lines that are not taken. */
import { useTranslation } from 'react-i18next';
import type { ImportPreview } from '../../../api/types';
import { Card, SectionTitle } from '../../../ui/card';
import { Counted } from '../counted';
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
              <dt>{t(`expected.${preview.kind}.${kind}`)}</dt>
              <dd>
                <Counted count={expected[kind]} unit={kind === 'rejected' ? 'lines' : preview.kind} />
              </dd>
            </div>
          ))}
        </dl>
      )}
      <p className="muted small">
        {t(expected === null ? 'expected.note' : `expected.${preview.kind}.note`)}
      </p>
    </Card>
  );
}
