/** Saves the draft: a new segment gets its address, an old one its next version. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { $api, client } from '../../../api/client';
import type { Segment, SegmentTree } from '../../../api/types';
import { tell } from '../../../ui/tell';

type Saved = { name: string; tree: SegmentTree };

async function send(segment: Segment | null, body: Saved): Promise<Segment | undefined> {
  if (!segment) return (await client.POST('/api/segments', { body })).data;
  const path = { id: segment.segment_id };
  const changed = { ...body, version: segment.version };
  const { data } = await client.PUT('/api/segments/{id}', { params: { path }, body: changed });
  return data;
}

export function useSave(segment: Segment | null, onSaved: (segment: Segment) => void) {
  const { t } = useTranslation('segments');
  const queries = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: (body: Saved) => send(segment, body),
    onSuccess: (saved) => {
      if (!saved) return;
      const id = saved.segment_id;
      queries.setQueryData(
        $api.queryOptions('get', '/api/segments/{id}', { params: { path: { id } } }).queryKey,
        saved,
      );
      void queries.invalidateQueries({ queryKey: ['get', '/api/segments'] });
      // Who is in it has changed, wherever that is shown.
      void queries.invalidateQueries({ queryKey: ['segment-people', id] });
      void queries.invalidateQueries({ queryKey: ['get', '/api/customers/{id}/segments'] });
      tell(t('save.saved'));
      if (segment) return onSaved(saved);
      // Until the page has changed, a second press would make a second segment.
      const to = { to: '/segments/$segmentId', params: { segmentId: id } } as const;
      return navigate({ ...to, replace: true, ignoreBlocker: true });
    },
  });
}
