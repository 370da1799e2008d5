/** Who is listed: a segment, or one of a few sets that need none, as a selection, which is what the list can be narrowed to. */
import { useQuery } from '@tanstack/react-query';
import { client } from '../../api/client';
import type { SegmentTree } from '../../api/types';
import type { CustomersSearch, Who } from './search';

const TREES: Record<Who, SegmentTree> = {
  bought: { kind: 'fact', fact: 'is_member_only', is: 'eq', value: false },
  member: { kind: 'fact', fact: 'is_member_only', is: 'eq', value: true },
  reachable: { kind: 'reachable', channel: 'email' },
};

async function selectionOf(segment: SegmentTree, title: string) {
  const { data } = await client.POST('/api/selections', { body: { segment, title } });
  return data ? { name: title, selection: data.selection_id } : null;
}

async function ofSegment(id: string) {
  const { data } = await client.GET('/api/segments/{id}', { params: { path: { id } } });
  return data ? selectionOf(data.tree, data.name) : null;
}

export function useChosen({ segment, who }: Pick<CustomersSearch, 'segment' | 'who'>) {
  const isAsked = segment !== undefined || who !== undefined;
  const query = useQuery({
    queryKey: ['segment-people', segment ?? null, who ?? null],
    enabled: isAsked,
    staleTime: 60_000,
    queryFn: () => (segment ? ofSegment(segment) : who ? selectionOf(TREES[who], '') : null),
  });
  return { query, isAsked };
}
