/** The query client of the application and the few queries that every page shares. */
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { $api } from './client';
import { ApiProblem } from './problem';
import type { Me, Permission } from './types';

/** `onSignedOut` is called when a session ends while somebody works; the first question after it does not count. */
export function createAppQueryClient(onSignedOut: () => void = () => {}): QueryClient {
  const onError = (error: Error) => {
    const wasSignedIn = queryClient.getQueryData(meQuery.queryKey) !== undefined;
    if (error instanceof ApiProblem && error.code === 'signed_out' && wasSignedIn) onSignedOut();
  };
  const queryClient = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        refetchOnWindowFocus: false,
        retry: (count, error) => error instanceof ApiProblem && count < triesAfter(error),
        retryDelay: 700,
      },
    },
  });
  return queryClient;
}

/** A line that broke is tried again at once; right after the set-up the shop needs some seconds to open. */
function triesAfter({ status, code }: ApiProblem): number {
  if (code === 'starting') return 30;
  return status === 0 ? 2 : 0;
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
