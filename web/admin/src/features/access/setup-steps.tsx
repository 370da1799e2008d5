/** The two steps of the first start. */
import { Button, PasswordInput, Select, TextInput } from '@mantine/core';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import style from './access.module.css';
import type { Answers } from './setup';

/** Shorter passwords are refused by the server as well. */
export const PASSWORD_MIN = 10;

type StepProps = { answers: Answers; onChange: (changed: Partial<Answers>) => void };

const zones = (): string[] => Intl.supportedValuesOf('timeZone');

function currencies(language: string): { value: string; label: string }[] {
  const names = new Intl.DisplayNames(language, { type: 'currency' });
  return Intl.supportedValuesOf('currency').map((code) => ({
    value: code,
    label: `${code} ${names.of(code) ?? ''}`,
  }));
}

export function CompanyStep({ answers, onChange, onNext }: StepProps & { onNext: () => void }) {
  const { t, i18n } = useTranslation('access');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onNext();
  };
  return (
    <form className={style.form} onSubmit={submit}>
      <TextInput
        label={t('setup.company')}
        description={t('setup.company_note')}
        required
        withAsterisk={false}
        autoComplete="organization"
        maxLength={120}
        value={answers.company}
        onChange={(event) => onChange({ company: event.currentTarget.value })}
      />
      <div className={style.pair}>
        <Select
          label={t('setup.zone')}
          description={t('setup.zone_note')}
          searchable
          allowDeselect={false}
          data={zones()}
          value={answers.zone}
          onChange={(zone) => zone && onChange({ zone })}
        />
        <Select
          label={t('setup.currency')}
          description={t('setup.currency_note')}
          searchable
          allowDeselect={false}
          data={currencies(i18n.language)}
          value={answers.currency}
          onChange={(currency) => currency && onChange({ currency })}
        />
      </div>
      <TextInput
        label={t('setup.public_url')}
        description={t('setup.public_url_note')}
        type="url"
        required
        withAsterisk={false}
        value={answers.public_url}
        onChange={(event) => onChange({ public_url: event.currentTarget.value })}
      />
      <div className={style.ends}>
        <Button type="submit" variant="filled">
          {t('setup.next')}
        </Button>
      </div>
    </form>
  );
}

type OperatorProps = StepProps & { onBack: () => void; onFinish: () => void; isBusy: boolean };

export function OperatorStep({ answers, onChange, onBack, onFinish, isBusy }: OperatorProps) {
  const { t } = useTranslation('access');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onFinish();
  };
  return (
    <form className={style.form} onSubmit={submit}>
      <p className="muted">{t('setup.owner_note')}</p>
      <TextInput
        label={t('setup.operator_name')}
        required
        withAsterisk={false}
        autoComplete="name"
        maxLength={80}
        value={answers.operator_name}
        onChange={(event) => onChange({ operator_name: event.currentTarget.value })}
      />
      <TextInput
        label={t('email')}
        type="email"
        required
        withAsterisk={false}
        autoComplete="username"
        value={answers.email}
        onChange={(event) => onChange({ email: event.currentTarget.value })}
      />
      <PasswordInput
        label={t('password')}
        description={t('setup.password_note', { min: PASSWORD_MIN })}
        required
        withAsterisk={false}
        minLength={PASSWORD_MIN}
        autoComplete="new-password"
        visibilityToggleButtonProps={{ 'aria-label': t('show_password') }}
        value={answers.password}
        onChange={(event) => onChange({ password: event.currentTarget.value })}
      />
      <div className={style.ends}>
        <Button type="button" onClick={onBack}>
          {t('setup.back')}
        </Button>
        <Button type="submit" variant="filled" loading={isBusy}>
          {t('setup.finish')}
        </Button>
      </div>
    </form>
  );
}
