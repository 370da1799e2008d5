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
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.error) return <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />;
  return <Waiting height={height} />;
}

/** What stands in for a list whose first page is still on its way. */
export function Waiting({ height = 240 }: { height?: number }) {
  const { t } = useTranslation('ui');
  return (
    <div role="status" aria-label={t('loading')}>
      <Skeleton height={height} radius="lg" />
    </div>
  );
}
