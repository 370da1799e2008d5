/** The body of one mail: as a desktop or a phone shows it, or in words only. */
import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Card, SectionTitle } from '../../ui/card';
import { MailFrame } from './mail-frame';
import style from './message.module.css';

export function MailBody({ html, text }: { html: string; text: string }) {
  const { t } = useTranslation('campaigns');
  const [view, setView] = useState('desktop');
  return (
    <Card>
      <SectionTitle
        title={t('message.body')}
        right={
          <SegmentedControl
            size="xs"
            aria-label={t('preview.width')}
            value={view}
            onChange={setView}
            data={[
              { value: 'desktop', label: t('preview.desktop') },
              { value: 'phone', label: t('preview.phone') },
              { value: 'text', label: t('message.as_text') },
            ]}
          />
        }
      />
      {view === 'text' ? (
        <pre className={style.text}>{text}</pre>
      ) : (
        <MailFrame html={html} width={view === 'phone' ? 'phone' : 'desktop'} title={t('preview.frame')} />
      )}
    </Card>
  );
}
