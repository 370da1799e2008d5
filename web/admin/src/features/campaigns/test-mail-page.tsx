/** A test mail that one has sent to oneself. */
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { $api } from '../../api/client';
import type { TestMail } from '../../api/types';
import { Card, SectionTitle } from '../../ui/card';
import { Loaded } from '../../ui/loading';
import { PageHead } from '../../ui/page-head';
import { MailBody } from './mail-body';
import style from './message.module.css';

export function TestMailPage() {
  const { testMailId } = useParams({ from: '/signed-in/test-mails/$testMailId' });
  const found = $api.useQuery('get', '/api/test-mails/{id}', { params: { path: { id: testMailId } } });
  return (
    <Loaded query={found} height={520}>
      {(mail) => <Whole mail={mail} />}
    </Loaded>
  );
}

function Whole({ mail }: { mail: TestMail }) {
  const { t } = useTranslation('campaigns');
  return (
    <>
      <PageHead
        title={mail.subject}
        crumbs={[
          { label: t('title'), to: '/campaigns' },
          { label: t('test.back'), to: `/campaigns/${mail.campaign_id}` },
        ]}
      />
      <div className={style.layout}>
        <MailBody html={mail.html} text={mail.text} />
        <aside className={style.column}>
          <Card>
            <SectionTitle title={t('test.title')} />
            <dl className={style.facts}>
              <dt>{t('message.to')}</dt>
              <dd>{mail.to}</dd>
            </dl>
            <p className={style.note}>{t('test.note')}</p>
          </Card>
        </aside>
      </div>
    </>
  );
}
