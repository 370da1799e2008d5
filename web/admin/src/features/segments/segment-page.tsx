/** A saved segment in the builder. */
import { useParams } from '@tanstack/react-router';
import { $api } from '../../api/client';
import { Loaded } from '../../ui/loading';
import { SegmentEditor } from './editor/segment-editor';

export function SegmentPage() {
  const { segmentId } = useParams({ from: '/signed-in/segments/$segmentId' });
  const segment = $api.useQuery('get', '/api/segments/{id}', { params: { path: { id: segmentId } } });
  return (
    <Loaded query={segment} height={420}>
      {(data) => <SegmentEditor key={data.segment_id} segment={data} firstTree={null} firstName="" />}
    </Loaded>
  );
}
