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

export function NotFound() {
  const { t } = useTranslation('ui');
  return (
    <EmptyState title={t('not_found.title')} text={t('not_found.text')}>
      <LinkButton to="/">{t('not_found.home')}</LinkButton>
    </EmptyState>
  );
}
