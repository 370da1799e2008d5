/** The three states of a query in one place: waiting, a problem, or the data. */
import { Skeleton } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemNotice } from './problem-notice';

type Props<T> = {
  query: Pick<UseQueryResult<T, unknown>, 'data' | 'error' | 'refetch'>;
  children: (data: T) => ReactNode;
  /** Height in px of the grey that stands in for the data. */
  height?: number;
};

export function Loaded<T>({ query, children, height = 240 }: Props<T>) {
  const { t } = useTranslation('ui');
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.error) return <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <div role="status" aria-label={t('loading')}>
      <Skeleton height={height} radius="lg" />
    </div>
  );
}
