/** How the file was read. */
import { useTranslation } from 'react-i18next';
import type { ImportPreview } from '../../../api/types';
import { formatBytes } from '../../../format/number';
import { Card, SectionTitle } from '../../../ui/card';
import style from '../imports.module.css';

export function FileFacts({ preview }: { preview: ImportPreview }) {
  const { t, i18n } = useTranslation('imports');
  const word = (group: string, value: string) =>
    i18n.exists(`${group}.${value}`, { ns: 'imports' }) ? t(`${group}.${value}`) : value;
  const separator =
    preview.separator === '\t'
      ? 'tab'
      : preview.separator === ','
        ? 'comma'
        : preview.separator === ';'
          ? 'semicolon'
          : preview.separator;
  return (
    <Card>
      <SectionTitle
        title={t('file.title')}
        note={preview.preset ? t('file.preset', { preset: preview.preset }) : t('file.no_preset')}
      />
      <dl className={style.facts}>
        <div>
          <dt>{t('file.encoding')}</dt>
          <dd>{word('encoding', preview.encoding)}</dd>
        </div>
        <div>
          <dt>{t('file.separator')}</dt>
          <dd>{word('separator', separator)}</dd>
        </div>
        <div>
          <dt>{t('file.compression')}</dt>
          <dd>{word('compression', preview.compression)}</dd>
        </div>
        <div>
          <dt>{t('file.size')}</dt>
          <dd>{formatBytes(preview.size_bytes)}</dd>
        </div>
        <div>
          <dt>{t('file.columns')}</dt>
          <dd>{preview.columns.length}</dd>
        </div>
      </dl>
    </Card>
  );
}
