/** What is shown while a page loads, when it cannot be shown, and when there is none. */
import { Loader } from '@mantine/core';
import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../ui/empty-state';
import { LinkButton } from '../ui/link-button';
import { ProblemNotice } from '../ui/problem-notice';

export function PagePending() {
  const { t } = useTranslation('ui');
  return (
    <p
      className="muted"
      role="status"
      style={{ padding: 24, display: 'flex', gap: 10, alignItems: 'center' }}
    >
      <Loader size={16} color="green" />
      {t('loading')}
    </p>
  );
}

export function PageError({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const again = () => {
    reset();
    void router.invalidate();
  };
  return (
    <div style={{ padding: 24 }}>
      <ProblemNotice error={error} onRetry={again} />
    </div>
  );
}

/** When not even the frame can be shown, e.g. because the server does not answer. */
export function StartError(props: ErrorComponentProps) {
  const { t } = useTranslation('ui');
  return (
    <main>
      <h1 className="visually-hidden">{t('start_failed')}</h1>
      <PageError {...props} />
    </main>
  );
}

export function NotFound() {
  const { t } = useTranslation('ui');
  return (
    <main>
      <EmptyState level={1} title={t('not_found.title')} text={t('not_found.text')}>
        <LinkButton to="/">{t('not_found.home')}</LinkButton>
      </EmptyState>
    </main>
  );
}
