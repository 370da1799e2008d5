/** The query client of the application and the few queries that every page shares. */
import { QueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { $api } from './client';
import { ApiProblem } from './problem';
import type { Me, Permission } from './types';

export function createAppQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        refetchOnWindowFocus: false,
        retry: (count, error) => count < 2 && error instanceof ApiProblem && error.status === 0,
      },
    },
  });
}

export const meQuery = $api.queryOptions('get', '/api/me', undefined, { staleTime: 60_000 });

/** The operator who is signed in. Pages are shown only when somebody is. */
export function useMe(): Me {
  return $api.useSuspenseQuery('get', '/api/me', undefined, { staleTime: 60_000 }).data;
}

/** `can('segments.write')`: may this operator do it? */
export function useCan(): (permission: Permission) => boolean {
  const { permissions } = useMe();
  return useMemo(() => {
    const held = new Set<string>(permissions);
    return (permission: Permission) => held.has(permission);
  }, [permissions]);
}

/** Follows a job until it ends; asks again every 700 ms while it runs. */
export function useJob(jobId: string | null) {
  return $api.useQuery(
    'get',
    '/api/jobs/{id}',
    { params: { path: { id: jobId ?? '' } } },
    {
      enabled: jobId !== null,
      staleTime: 0,
      refetchInterval: (query) => {
        const state = query.state.data?.state;
        return state === undefined || state === 'queued' || state === 'running' ? 700 : false;
      },
    },
  );
}
