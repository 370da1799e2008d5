/** A saved segment in the builder, which begins with what is saved now rather than with what was seen before. */
import { useParams } from '@tanstack/react-router';
import { $api } from '../../api/client';
import { Loaded } from '../../ui/loading';
import { SegmentEditor } from './editor/segment-editor';

export function SegmentPage() {
  const { segmentId } = useParams({ from: '/signed-in/segments/$segmentId' });
  const segment = $api.useQuery(
    'get',
    '/api/segments/{id}',
    { params: { path: { id: segmentId } } },
    { staleTime: 0, refetchOnMount: 'always' },
  );
  const isOld = segment.isFetching && !segment.isFetchedAfterMount;
  return (
    <Loaded query={isOld ? { ...segment, data: undefined } : segment} height={420}>
      {(data) => <SegmentEditor key={data.segment_id} segment={data} firstTree={null} firstName="" />}
    </Loaded>
  );
}
