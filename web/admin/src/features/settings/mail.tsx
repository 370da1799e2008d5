/** How mails leave the house: the sender, SMTP or capture, the cap, and a test. */
import { Checkbox, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { $api, client } from '../../api/client';
import { meQuery } from '../../api/queries';
import type { MailSettings } from '../../api/types';
import { Card, SectionTitle } from '../../ui/card';
import { LeaveGuard } from '../../ui/leave-guard';
import { Loaded } from '../../ui/loading';
import { PageHead } from '../../ui/page-head';
import { ProblemNotice } from '../../ui/problem-notice';
import { tell } from '../../ui/tell';
import { MailTest } from './mail-test';
import { SaveBar } from './save-bar';
import style from './settings.module.css';
import { Smtp } from './smtp';
import { WholeNumber } from './whole-number';

const options = $api.queryOptions('get', '/api/settings/mail');

export function MailSettingsPage() {
  const { t } = useTranslation('settings');
  const settings = $api.useQuery('get', '/api/settings/mail');
  return (
    <>
      <PageHead title={t('mail.title')} meta={t('mail.lead')} />
      <Loaded query={settings} height={420}>
        {(data) => <Form saved={data} />}
      </Loaded>
    </>
  );
}

function useSave() {
  const { t } = useTranslation('settings');
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (body: MailSettings) => (await client.PUT('/api/settings/mail', { body })).data,
    onSuccess: (data) => {
      if (data) queries.setQueryData(options.queryKey, data);
      void queries.invalidateQueries({ queryKey: meQuery.queryKey });
      tell(t('saved'));
    },
  });
}

function Form({ saved }: { saved: MailSettings }) {
  // Only what was typed is kept here: what somebody else saves meanwhile shows, and takes nothing away.
  const [typed, setTyped] = useState<Partial<MailSettings>>({});
  const draft = { ...saved, ...typed };
  const save = useSave();
  const change = (changed: Partial<MailSettings>) => setTyped((old) => ({ ...old, ...changed }));
  const isChanged = JSON.stringify(draft) !== JSON.stringify(saved);
  return (
    <div className={style.page}>
      <LeaveGuard isUnsaved={isChanged} />
      <Way settings={draft} />
      <Sender draft={draft} onChange={change} />
      <Card>
        <Smtp smtp={draft.smtp} saved={saved.smtp} onChange={(smtp) => change({ smtp })} />
      </Card>
      <Cap draft={draft} onChange={change} />
      {save.error ? <ProblemNotice error={save.error} /> : null}
      <SaveBar
        isChanged={isChanged}
        isBusy={save.isPending}
        onSave={() => save.mutate(draft, { onSuccess: () => setTyped((now) => (now === typed ? {} : now)) })}
        onUndo={() => setTyped({})}
      />
      <MailTest isSaved={!isChanged} hasSmtp={saved.smtp !== null} />
    </div>
  );
}

/** The one thing to know: does anything leave this machine? */
function Way({ settings }: { settings: MailSettings }) {
  const { t } = useTranslation('settings');
  return (
    <Card label={t('mail.way')}>
      <p className={style.one}>{t(settings.smtp ? 'mail.smtp_on' : 'mail.capture_on')}</p>
      <p className="muted">{t(settings.smtp ? 'mail.smtp_text' : 'mail.capture_text')}</p>
    </Card>
  );
}

type PartProps = { draft: MailSettings; onChange: (changed: Partial<MailSettings>) => void };

function Sender({ draft, onChange }: PartProps) {
  const { t } = useTranslation('settings');
  return (
    <Card>
      <SectionTitle title={t('mail.sender')} note={t('mail.sender_note')} />
      <div className={style.stack}>
        <div className={style.pair}>
          <TextInput
            label={t('mail.from_name')}
            value={draft.from_name}
            onChange={(event) => onChange({ from_name: event.currentTarget.value })}
          />
          <TextInput
            label={t('mail.from_address')}
            type="email"
            value={draft.from_address}
            onChange={(event) => onChange({ from_address: event.currentTarget.value })}
          />
        </div>
        <Textarea
          label={t('mail.footer')}
          description={t('mail.footer_note')}
          autosize
          minRows={2}
          value={draft.footer_address}
          onChange={(event) => onChange({ footer_address: event.currentTarget.value })}
        />
      </div>
    </Card>
  );
}

function Cap({ draft, onChange }: PartProps) {
  const { t } = useTranslation('settings');
  return (
    <Card>
      <SectionTitle
        title={t('mail.cap')}
        note={t('mail.cap_said', { days: draft.cap_days, max: draft.cap_max, count: draft.cap_max })}
      />
      <div className={style.stack}>
        <div className={style.pair}>
          <WholeNumber
            label={t('mail.cap_days')}
            min={1}
            max={365}
            value={draft.cap_days}
            onChange={(cap_days) => onChange({ cap_days })}
          />
          <WholeNumber
            label={t('mail.cap_max')}
            min={1}
            max={100}
            value={draft.cap_max}
            onChange={(cap_max) => onChange({ cap_max })}
          />
        </div>
        <Checkbox
          label={t('mail.hold_unknown')}
          description={t('mail.hold_unknown_note')}
          checked={draft.hold_unknown}
          onChange={(event) => onChange({ hold_unknown: event.currentTarget.checked })}
        />
      </div>
    </Card>
  );
}
