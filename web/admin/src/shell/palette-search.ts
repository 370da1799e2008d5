/** What the palette looks through: customers on the server, segments and campaigns by name in their lists. */
import { useDebouncedValue } from '@mantine/hooks';
import { useSpotlight } from '@mantine/spotlight';
import { $api } from '../api/client';
import { useCan } from '../api/queries';
import type { CampaignRow, CustomerRow, SegmentRow } from '../api/types';
import { paletteStore } from './palette-store';

const SHOWN_MAX = 6;
const LIST_MAX = 200;

export type Found = { customers: CustomerRow[]; segments: SegmentRow[]; campaigns: CampaignRow[] };

export function usePaletteSearch(query: string): { found: Found; isSearching: boolean } {
  const [asked] = useDebouncedValue(query, 120);
  const { opened } = useSpotlight(paletteStore);
  const can = useCan();
  const customers = $api.useQuery(
    'get',
    '/api/customers',
    { params: { query: { search: asked, limit: SHOWN_MAX } } },
    { enabled: asked !== '' && can('customers.read'), staleTime: 10_000 },
  );
  const list = { params: { query: { limit: LIST_MAX } } };
  const segments = $api.useQuery('get', '/api/segments', list, {
    enabled: opened && can('segments.read'),
  });
  const campaigns = $api.useQuery('get', '/api/campaigns', list, {
    enabled: opened && can('campaigns.read'),
  });
  const found = {
    customers: asked === '' ? [] : (customers.data?.items ?? []),
    segments: named(segments.data?.items, query),
    campaigns: named(campaigns.data?.items, query),
  };
  return { found, isSearching: asked !== query || customers.isLoading };
}

function named<Row extends { name: string }>(rows: Row[] | undefined, query: string): Row[] {
  if (query === '' || !rows) return [];
  const needle = query.normalize('NFKC').toLowerCase();
  return rows.filter((row) => row.name.normalize('NFKC').toLowerCase().includes(needle)).slice(0, SHOWN_MAX);
}
