/** One mail as it was rendered for one person: envelope, body in a frame that can do nothing, and its links. */
import { Link, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { $api } from '../../api/client';
import { useMe } from '../../api/queries';
import type { Message } from '../../api/types';
import { formatInstant } from '../../format/day';
import { Card, SectionTitle } from '../../ui/card';
import { keysOf } from '../../ui/keys';
import { Loaded } from '../../ui/loading';
import { PageHead } from '../../ui/page-head';
import { MailBody } from './mail-body';
import style from './message.module.css';

export function MessagePage() {
  const { messageId } = useParams({ from: '/signed-in/messages/$messageId' });
  const message = $api.useQuery('get', '/api/messages/{id}', { params: { path: { id: messageId } } });
  return (
    <Loaded query={message} height={520}>
      {(data) => <Whole message={data} />}
    </Loaded>
  );
}

function Whole({ message }: { message: Message }) {
  const { t } = useTranslation('campaigns');
  const delivery = `/campaigns/${message.campaign_id}/delivery`;
  return (
    <>
      <PageHead
        title={message.subject}
        crumbs={[
          { label: t('title'), to: '/campaigns' },
          { label: t('messages.title'), to: delivery },
        ]}
      />
      <div className={style.layout}>
        <MailBody html={message.html} text={message.text} />
        <aside className={style.column}>
          <Envelope message={message} />
          <Links message={message} />
        </aside>
      </div>
    </>
  );
}

function Envelope({ message }: { message: Message }) {
  const { t, i18n } = useTranslation('campaigns');
  const { zone } = useMe();
  const key = `message_state.${message.state}`;
  const headerKeys = keysOf(message.headers.map(([name]) => name));
  return (
    <Card>
      <SectionTitle title={t('message.envelope')} />
      <dl className={style.facts}>
        <dt>{t('message.to')}</dt>
        <dd>
          <Link className="link" to="/customers/$customerId" params={{ customerId: message.customer_id }}>
            {message.to_masked}
          </Link>
        </dd>
        <dt>{t('message.state')}</dt>
        <dd>{i18n.exists(key, { ns: 'campaigns' }) ? t(key) : message.state}</dd>
        <dt>{t('message.at')}</dt>
        <dd>{formatInstant(message.at, zone)}</dd>
      </dl>
      {message.state === 'captured' ? <p className={style.note}>{t('message.captured_note')}</p> : null}
      <details className={style.headers}>
        <summary>{t('message.headers')}</summary>
        <dl>
          {message.headers.map(([name, value], index) => (
            <div key={headerKeys[index]}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </details>
    </Card>
  );
}

/** The frame cannot follow links, so they stand here: those of a kept mail count like the reader's own click. */
function Links({ message }: { message: Message }) {
  const { t } = useTranslation('campaigns');
  const keys = keysOf(message.links.map((link) => link.url));
  return (
    <Card>
      <SectionTitle
        title={t('message.links')}
        note={t(message.is_live ? 'message.links_note' : 'message.links_note_plain')}
      />
      {message.links.length === 0 ? <p className="muted">{t('message.no_links')}</p> : null}
      <ul className={style.links}>
        {message.links.map((link, index) => (
          <li key={keys[index]}>
            <a className="link" href={link.url} target="_blank" rel="noreferrer noopener">
              {link.label}
            </a>
            <small>{link.url}</small>
          </li>
        ))}
      </ul>
    </Card>
  );
}
