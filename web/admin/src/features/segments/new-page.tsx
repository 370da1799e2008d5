/** A new segment: empty, or from people that were selected on another page. */
import { useSearch } from '@tanstack/react-router';
import { SegmentEditor } from './editor/segment-editor';
import { treeFromText } from './search';

export function NewSegmentPage() {
  const { tree, name } = useSearch({ from: '/signed-in/segments/new' });
  return <SegmentEditor segment={null} firstTree={treeFromText(tree)} firstName={name ?? ''} />;
}
