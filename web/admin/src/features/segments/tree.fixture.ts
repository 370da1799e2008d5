/** Trees for tests. */
import type { SegmentTree } from '../../api/types';
import type { Group } from './tree';

export const all = (...of: SegmentTree[]): Group => ({ kind: 'and', of });
