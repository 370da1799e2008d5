/** Ctrl/⌘ K: every page, customer, segment and campaign in a few letters. */
import { useHotkeys } from '@mantine/hooks';
import { Spotlight, useSpotlight } from '@mantine/spotlight';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '../api/queries';
import { type Found, usePaletteSearch } from './palette-search';
import { choosePaletteFirst, palette, paletteStore } from './palette-store';
import { roomsFor } from './rooms';

type Entry = { id: string; label: string; note?: string; go: () => void };
type Group = { key: string; entries: Entry[] };

export function Palette() {
  const { t } = useTranslation('shell');
  const [query, setQuery] = useState('');
  const { found, isSearching } = usePaletteSearch(query.trim());
  const pages = usePages(query.trim());
  const results = useResults(found);
  const groups = [...results, pages].filter((group) => group.entries.length > 0);
  useFirstChosen(groups);
  // From everywhere, fields included; a slash in a field is a slash.
  useHotkeys([['mod + K', () => palette.toggle()]], []);
  return (
    <Spotlight.Root
      store={paletteStore}
      query={query}
      onQueryChange={setQuery}
      shortcut="/"
      scrollable
      maxHeight={460}
      radius="lg"
      overlayProps={{ backgroundOpacity: 0.3, blur: 0 }}
    >
      <Spotlight.Search
        placeholder={t('search.hint')}
        aria-label={t('search.label')}
        styles={{ input: { boxShadow: 'none' } }}
      />
      <Spotlight.ActionsList>
        {groups.map((group) => (
          <Spotlight.ActionsGroup key={group.key} label={t(`search.${group.key}`)}>
            {group.entries.map((entry) => (
              <Spotlight.Action
                key={entry.id}
                label={entry.label}
                {...(entry.note ? { description: entry.note } : {})}
                onClick={entry.go}
              />
            ))}
          </Spotlight.ActionsGroup>
        ))}
        {groups.length === 0 && (
          <Spotlight.Empty>{isSearching ? t('search.searching') : t('search.nothing')}</Spotlight.Empty>
        )}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}

/** What was found arrives later than the letters: Enter then opens the first of it. */
function useFirstChosen(groups: Group[]): void {
  const { opened } = useSpotlight(paletteStore);
  const shown = groups.flatMap((group) => group.entries.map((entry) => entry.id)).join(' ');
  useEffect(() => {
    if (opened && shown !== '') choosePaletteFirst();
  }, [shown, opened]);
}

function usePages(query: string): Group {
  const { t } = useTranslation('shell');
  const can = useCan();
  const navigate = useNavigate();
  const needle = query.toLowerCase();
  const entries = roomsFor(can).flatMap((room) =>
    room.pages.map((page) => ({
      id: `page-${page.key}`,
      label: t(`page.${page.key}`),
      note: room.pages.length > 1 ? t(`room.${room.key}`) : '',
      go: () => void navigate({ to: page.to }),
    })),
  );
  return {
    key: 'pages',
    entries: entries.filter((entry) => `${entry.label} ${entry.note}`.toLowerCase().includes(needle)),
  };
}

function useResults(found: Found): Group[] {
  const navigate = useNavigate();
  const close = (go: () => void) => () => {
    palette.close();
    go();
  };
  return [
    {
      key: 'customers',
      entries: found.customers.map((row) => ({
        id: `customer-${row.customer_id}`,
        label: row.name,
        note: [row.kana, row.company, row.number].filter(Boolean).join('・'),
        go: close(
          () => void navigate({ to: '/customers/$customerId', params: { customerId: row.customer_id } }),
        ),
      })),
    },
    {
      key: 'segments',
      entries: found.segments.map((row) => ({
        id: `segment-${row.segment_id}`,
        label: row.name,
        go: close(() => void navigate({ to: '/segments/$segmentId', params: { segmentId: row.segment_id } })),
      })),
    },
    {
      key: 'campaigns',
      entries: found.campaigns.map((row) => ({
        id: `campaign-${row.campaign_id}`,
        label: row.name,
        go: close(
          () => void navigate({ to: '/campaigns/$campaignId', params: { campaignId: row.campaign_id } }),
        ),
      })),
    },
  ];
}
