/** The connection to the mail server; without it mails are captured. */
import { PasswordInput, SegmentedControl, Switch, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { MailSettings, MailSettingsDraft } from '../../api/types';
import { SectionTitle } from '../../ui/card';
import style from './settings.module.css';
import { WholeNumber } from './whole-number';

/** The saved connection, and a password while it is typed: that goes in and never comes out. */
type Connection = NonNullable<MailSettings['smtp']> & NonNullable<MailSettingsDraft['smtp']>;
const FIRST: Connection = { host: '', port: 587, security: 'starttls', username: null, has_password: false };
/** The port that goes with each way of protecting the line (RFC 8314 for 465 and 587). */
const PORTS = { starttls: 587, tls: 465, none: 25 } as const;

type Props = {
  smtp: Connection | null;
  saved: Connection | null;
  onChange: (smtp: Connection | null) => void;
};

export function Smtp({ smtp, saved, onChange }: Props) {
  const { t } = useTranslation('settings');
  return (
    <>
      <SectionTitle title={t('smtp.title')} />
      <Switch
        label={t('smtp.use')}
        description={t('smtp.use_note')}
        checked={smtp !== null}
        onChange={(event) => onChange(event.currentTarget.checked ? (saved ?? FIRST) : null)}
      />
      {smtp ? <Fields smtp={smtp} onChange={onChange} /> : null}
    </>
  );
}

function Fields({ smtp, onChange }: { smtp: Connection; onChange: (smtp: Connection) => void }) {
  const { t } = useTranslation('settings');
  const isDefaultPort = Object.values(PORTS).some((port) => port === smtp.port);
  return (
    <div className={style.stackInner}>
      <div className={style.pairWide}>
        <TextInput
          label={t('smtp.host')}
          placeholder="smtp.example.com"
          value={smtp.host}
          onChange={(event) => onChange({ ...smtp, host: event.currentTarget.value.trim() })}
        />
        <WholeNumber
          label={t('smtp.port')}
          min={1}
          max={65535}
          value={smtp.port}
          onChange={(port) => onChange({ ...smtp, port })}
        />
      </div>
      <div>
        <p className={style.fieldLabel} id="smtp-security">
          {t('smtp.security')}
        </p>
        <SegmentedControl
          size="xs"
          aria-labelledby="smtp-security"
          value={smtp.security}
          data={(['starttls', 'tls', 'none'] as const).map((value) => ({ value, label: t(`smtp.${value}`) }))}
          onChange={(next) => {
            const security = next as Connection['security'];
            onChange({ ...smtp, security, port: isDefaultPort ? PORTS[security] : smtp.port });
          }}
        />
        {smtp.security === 'none' ? <p className="down small">{t('smtp.none_note')}</p> : null}
      </div>
      <div className={style.pair}>
        <TextInput
          label={t('smtp.username')}
          autoComplete="off"
          value={smtp.username ?? ''}
          onChange={(event) => onChange({ ...smtp, username: event.currentTarget.value || null })}
        />
        <PasswordInput
          label={t('smtp.password')}
          description={smtp.has_password ? t('smtp.password_kept') : undefined}
          autoComplete="new-password"
          visibilityToggleButtonProps={{ 'aria-label': t('smtp.show_password') }}
          value={smtp.password ?? ''}
          onChange={(event) => {
            const { password: _, ...rest } = smtp;
            const typed = event.currentTarget.value;
            onChange(typed === '' ? rest : { ...rest, password: typed });
          }}
        />
      </div>
    </div>
  );
}
