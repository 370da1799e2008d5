/** After a session has begun: everything that was known before is forgotten, then the wanted page opens. */
import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { meQuery } from '../../api/queries';
import type { Me } from '../../api/types';

export function useEnter(): (me: Me, next?: string) => void {
  const queries = useQueryClient();
  const router = useRouter();
  return (me, next = '/') => {
    queries.clear();
    queries.setQueryData(meQuery.queryKey, me);
    router.history.push(next);
  };
}
