/** What must be known before the start and does not stand in its way. */
import { useTranslation } from 'react-i18next';
import type { ImportPreview } from '../../../api/types';
import { Card, SectionTitle } from '../../../ui/card';
import { keysOf } from '../../../ui/keys';
import { problemTitle } from '../../../ui/tell';

export function Notices({ preview }: { preview: ImportPreview }) {
  const { t } = useTranslation('imports');
  if (preview.notices.length === 0) return null;
  const keys = keysOf(preview.notices.map((notice) => notice.code));
  return (
    <Card>
      <SectionTitle title={t('notices.title')} />
      <ul role="status">
        {preview.notices.map((notice, index) => (
          <li key={keys[index]}>{problemTitle(notice)}</li>
        ))}
      </ul>
    </Card>
  );
}
