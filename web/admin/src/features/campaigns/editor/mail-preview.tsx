/** The mail as one real, masked person would get it, on the phone or on the desktop; nothing in it can run. */
import { SegmentedControl } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../../api/client';
import type { Mail } from '../../../api/types';
import { Card, SectionTitle } from '../../../ui/card';
import { Loaded } from '../../../ui/loading';
import { MailFrame } from '../mail-frame';
import style from './editor.module.css';
import { PersonPicker } from './person-picker';
import { TestMail } from './test-mail';

const PAUSE_MS = 350;

export function MailPreview({ campaignId, mail }: { campaignId: string; mail: Mail }) {
  const { t } = useTranslation('campaigns');
  const [width, setWidth] = useState<'phone' | 'desktop'>('phone');
  const [person, setPerson] = useState<string | null>(null);
  const [asked] = useDebouncedValue(mail, PAUSE_MS);
  const preview = useQuery({
    queryKey: ['mail-preview', campaignId, person, asked],
    queryFn: async ({ signal }) => {
      const { data } = await client.POST('/api/campaigns/{id}/preview', {
        params: { path: { id: campaignId } },
        body: { mail: asked, ...(person ? { customer_id: person } : {}) },
        signal,
      });
      if (!data) throw new Error('no answer');
      return data;
    },
    placeholderData: keepPreviousData,
    retry: false,
  });
  return (
    <Card>
      <SectionTitle
        title={t('preview.title')}
        right={
          <SegmentedControl
            size="xs"
            aria-label={t('preview.width')}
            value={width}
            onChange={(next) => setWidth(next as 'phone' | 'desktop')}
            data={[
              { value: 'phone', label: t('preview.phone') },
              { value: 'desktop', label: t('preview.desktop') },
            ]}
          />
        }
      />
      <Loaded query={preview} height={420}>
        {(shown) => (
          <>
            <div className={style.person}>
              <span className="muted">{t('preview.as', { name: shown.customer.name_masked })}</span>
              <PersonPicker onPick={setPerson} isChosen={person !== null} />
            </div>
            <p className={style.inbox}>
              <b>{mail.from_name || t('preview.no_sender')}</b>
              <span>{shown.subject || t('preview.no_subject')}</span>
              <small>{mail.preheader}</small>
            </p>
            <MailFrame html={shown.html} width={width} title={t('preview.frame')} />
            <TestMail campaignId={campaignId} mail={mail} person={person} />
            {shown.unresolved.length > 0 ? (
              <p className={style.unresolved} role="alert">
                {t('preview.unresolved', { values: shown.unresolved.join(t('list_mark')) })}
              </p>
            ) : null}
          </>
        )}
      </Loaded>
    </Card>
  );
}
