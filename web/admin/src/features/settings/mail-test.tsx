/** One test mail to oneself, and what the server answered. */
import { Button, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../api/client';
import { useMe } from '../../api/queries';
import { Card, SectionTitle } from '../../ui/card';
import { ProblemNotice } from '../../ui/problem-notice';
import style from './settings.module.css';

export function MailTest({ isSaved, hasSmtp }: { isSaved: boolean; hasSmtp: boolean }) {
  const { t } = useTranslation('settings');
  const me = useMe();
  const [to, setTo] = useState(me.email);
  const test = useMutation({
    mutationFn: async () => (await client.POST('/api/settings/mail/test', { body: { to } })).data,
  });
  const blocked = !hasSmtp ? t('test.needs_smtp') : !isSaved ? t('test.needs_save') : null;
  return (
    <Card>
      <SectionTitle title={t('test.title')} />
      <div className={style.testLine}>
        <TextInput
          label={t('test.to')}
          type="email"
          value={to}
          onChange={(event) => setTo(event.currentTarget.value)}
        />
        <Button
          loading={test.isPending}
          aria-disabled={blocked !== null}
          data-disabled={blocked !== null || undefined}
          onClick={() => blocked === null && test.mutate()}
        >
          {t('test.send')}
        </Button>
      </div>
      {blocked ? <p className="muted small">{blocked}</p> : null}
      {test.error ? <ProblemNotice error={test.error} /> : null}
      {test.data ? (
        <p role="status" className={test.data.ok ? 'up' : 'down'}>
          {t(test.data.ok ? 'test.ok' : 'test.failed')} <span className="muted">{test.data.detail}</span>
        </p>
      ) : null}
    </Card>
  );
}
