/** 「自分にテスト送信」: what the preview shows, sent to one's own address; without a mail server it is kept. */
import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { client } from '../../../api/client';
import { useMe } from '../../../api/queries';
import type { Mail, SentTestMail } from '../../../api/types';
import { ProblemNotice } from '../../../ui/problem-notice';
import style from './editor.module.css';

type Props = { campaignId: string; mail: Mail; person: string | null };

export function TestMail({ campaignId, mail, person }: Props) {
  const { t } = useTranslation('campaigns');
  const { email } = useMe();
  const send = useMutation({
    mutationFn: async () => {
      const { data } = await client.POST('/api/campaigns/{id}/test', {
        params: { path: { id: campaignId } },
        body: { mail, ...(person ? { customer_id: person } : {}) },
      });
      return data;
    },
  });
  return (
    <div className={style.test}>
      <Button size="xs" loading={send.isPending} onClick={() => send.mutate()}>
        {t('test.send')}
      </Button>
      <span className="muted small">{t('test.to', { email })}</span>
      {send.error ? <ProblemNotice error={send.error} /> : null}
      {send.data ? <Outcome sent={send.data} /> : null}
    </div>
  );
}

function Outcome({ sent }: { sent: SentTestMail }) {
  const { t } = useTranslation('campaigns');
  return (
    <p role="status" className={sent.outcome === 'failed' ? 'down' : undefined}>
      {t(`test.${sent.outcome}`, { to: sent.to })}{' '}
      {sent.detail && sent.outcome === 'failed' ? <span className="muted">{sent.detail} </span> : null}
      <Link className="link" to="/test-mails/$testMailId" params={{ testMailId: sent.test_mail_id }}>
        {t('test.read')}
      </Link>
    </p>
  );
}
