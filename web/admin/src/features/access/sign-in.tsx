/** Signing in: by mail and password, or by the one-time link that the start prints. */
import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../api/client';
import { asProblem } from '../../api/problem';
import { ProblemNotice } from '../../ui/problem-notice';
import style from './access.module.css';
import { Gate } from './gate';
import { useEnter } from './use-enter';

export function SignInPage() {
  const { token } = useSearch({ from: '/sign-in' });
  const [isForm, setForm] = useState(token === undefined);
  if (token !== undefined && !isForm) return <ByLink token={token} onForm={() => setForm(true)} />;
  return <ByPassword />;
}

/** On this computer a link opens by itself. Elsewhere somebody else may have sent it, so a person presses the button. */
const IS_HERE = ['localhost', '127.0.0.1', '[::1]'].includes(window.location.hostname);

/** The link works once and by POST only, so a mail scanner that follows it uses nothing up. */
function ByLink({ token, onForm }: { token: string; onForm: () => void }) {
  const { t } = useTranslation('access');
  const { next } = useSearch({ from: '/sign-in' });
  const enter = useEnter();
  const isPressed = useRef(false);
  const open = useMutation({
    mutationFn: async () => (await client.POST('/api/session/link', { body: { token } })).data,
    onSuccess: (me) => me && enter(me, next),
  });
  const { mutate } = open;
  useEffect(() => {
    if (!IS_HERE || isPressed.current) return;
    isPressed.current = true;
    mutate();
  }, [mutate]);
  return (
    <Gate
      title={t('link.title')}
      lead={open.isError ? null : t(IS_HERE ? 'link.lead' : 'link.ask', { host: window.location.host })}
    >
      {open.error ? <LinkProblem error={open.error} /> : null}
      <Button
        variant={open.error ? 'default' : 'filled'}
        size="md"
        fullWidth
        mt={16}
        loading={open.isPending || open.isSuccess}
        onClick={() => mutate()}
      >
        {t('sign_in')}
      </Button>
      <button type="button" className={`link ${style.other}`} onClick={onForm}>
        {t('link.by_password')}
      </button>
      {open.error ? <CannotSignIn /> : null}
    </Gate>
  );
}

function LinkProblem({ error }: { error: unknown }) {
  const { t } = useTranslation('access');
  const { status } = asProblem(error);
  if (status !== 401 && status !== 404 && status !== 410 && status !== 422)
    return <ProblemNotice error={error} />;
  return (
    <div role="alert" className={style.problem}>
      <p className="strong">{t('link.used')}</p>
      <p>{t('link.used_hint')}</p>
    </div>
  );
}

/** What to do, for whoever it is: most people ask somebody, and that somebody needs a command. */
function CannotSignIn() {
  const { t } = useTranslation('access');
  return (
    <details className={style.help}>
      <summary>{t('help.title')}</summary>
      <p>{t('help.person')}</p>
      <p className="muted">{t('help.administrator')}</p>
      <code>najimi operator link {t('help.example')}</code>
      <p className="muted">{t('help.command')}</p>
    </details>
  );
}

function ByPassword() {
  const { t } = useTranslation('access');
  const { next } = useSearch({ from: '/sign-in' });
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const enter = useEnter();
  const signIn = useMutation({
    mutationFn: async () =>
      (await client.POST('/api/session', { body: { email: email.trim(), password } })).data,
    onSuccess: (me) => me && enter(me, next),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate();
  };
  return (
    <Gate title={t('title')} lead={next ? t('lead_next') : null}>
      <form className={style.form} onSubmit={submit}>
        {signIn.error ? <ProblemNotice error={signIn.error} /> : null}
        <TextInput
          label={t('email')}
          type="email"
          autoComplete="username"
          required
          withAsterisk={false}
          autoFocus
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <PasswordInput
          label={t('password')}
          autoComplete="current-password"
          required
          withAsterisk={false}
          visibilityToggleButtonProps={{ 'aria-label': t('show_password') }}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Button type="submit" variant="filled" size="md" fullWidth loading={signIn.isPending}>
          {t('sign_in')}
        </Button>
        <CannotSignIn />
      </form>
    </Gate>
  );
}
