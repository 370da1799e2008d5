/** Counts the people of the draft while it is being written, a moment after the last key. */
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { client } from '../../../api/client';
import type { SegmentTree } from '../../../api/types';

const PAUSE_MS = 250;

export function usePreview(tree: SegmentTree, isReady: boolean) {
  const [asked] = useDebouncedValue(tree, PAUSE_MS);
  const query = useQuery({
    queryKey: ['segment-preview', asked],
    queryFn: async ({ signal }) => {
      const { data } = await client.POST('/api/segments/preview', { body: { tree: asked }, signal });
      return data ?? null;
    },
    enabled: isReady && asked === tree,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
  return { ...query, isBehind: isReady && (asked !== tree || query.isFetching) };
}
