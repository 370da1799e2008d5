/** The list of customers: search while typing, order, and the set of people that a figure or a segment led to. */
import { CloseButton, Select, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { $api, client } from '../../api/client';
import { formatNumber } from '../../format/number';
import { PageHead } from '../../ui/page-head';
import { ProblemNotice } from '../../ui/problem-notice';
import { CustomerList } from './list';
import classes from './page.module.css';
import { type CustomersSearch, SORTS } from './search';

const PAGE_SIZE = 60;

/** The people of a saved segment as a selection, which is what the list can be narrowed to. */
function useSegmentPeople(segmentId: string | undefined) {
  return useQuery({
    queryKey: ['segment-people', segmentId],
    enabled: segmentId !== undefined,
    staleTime: 60_000,
    queryFn: async () => {
      const path = { id: segmentId ?? '' };
      const { data: segment } = await client.GET('/api/segments/{id}', { params: { path } });
      if (!segment) return null;
      const body = { segment: segment.tree, title: segment.name };
      const { data: selection } = await client.POST('/api/selections', { body });
      return selection ? { name: segment.name, selection: selection.selection_id } : null;
    },
  });
}

function useCustomers(search: CustomersSearch, selection: string | undefined, isReady: boolean) {
  const query = {
    limit: PAGE_SIZE,
    ...(search.q ? { search: search.q } : {}),
    ...(search.sort ? { sort: search.sort } : {}),
    ...(selection ? { selection } : {}),
  };
  return $api.useInfiniteQuery(
    'get',
    '/api/customers',
    { params: { query } },
    {
      enabled: isReady,
      pageParamName: 'cursor',
      initialPageParam: undefined,
      getNextPageParam: (last) => last.next_cursor ?? undefined,
      placeholderData: keepPreviousData,
    },
  );
}

export function CustomersPage() {
  const { t } = useTranslation('customers');
  const search = useSearch({ from: '/signed-in/customers' });
  const segment = useSegmentPeople(search.segment);
  const selection = search.segment ? segment.data?.selection : search.selection;
  const customers = useCustomers(search, selection, !search.segment || selection !== undefined);
  const total = customers.data?.pages[0]?.total;
  return (
    <>
      <PageHead
        title={t('title')}
        meta={
          <span aria-live="polite">
            {typeof total === 'number' && t('count', { count: total, written: formatNumber(total) })}
          </span>
        }
      />
      <Filters search={search} segmentName={segment.data?.name} />
      {segment.error ? (
        <ProblemNotice error={segment.error} onRetry={() => void segment.refetch()} />
      ) : (
        <CustomerList query={customers} search={search} />
      )}
    </>
  );
}

function useChange() {
  const navigate = useNavigate({ from: '/customers' });
  return (next: CustomersSearch) =>
    void navigate({ search: (last) => ({ ...last, ...next }), replace: true, resetScroll: false });
}

type FilterProps = { search: CustomersSearch; segmentName: string | undefined };

function Filters({ search, segmentName }: FilterProps) {
  const { t } = useTranslation('customers');
  const change = useChange();
  return (
    <div className={classes.filters}>
      <SearchField value={search.q ?? ''} onChange={(q) => change({ q: q || undefined })} />
      <Select
        aria-label={t('sort')}
        w={190}
        allowDeselect={false}
        data={SORTS.map((sort) => ({ value: sort, label: t(`sorts.${sort}`) }))}
        value={search.sort ?? 'last_order'}
        onChange={(value) => {
          const sort = SORTS.find((known) => known === value);
          change({ sort: sort === 'last_order' ? undefined : sort });
        }}
      />
      <SetChip search={search} segmentName={segmentName} />
    </div>
  );
}

/** Typing changes the address after a breath; the address changed elsewhere changes the field. */
function SearchField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const { t } = useTranslation('customers');
  const [typed, setTyped] = useState(value);
  // The address that this field asked for says no more than the field does, e.g. not the space at its end.
  const asked = useRef(value);
  const settle = useDebouncedCallback((next: string) => {
    asked.current = next;
    onChange(next);
  }, 160);
  useEffect(() => {
    if (value === asked.current) return;
    asked.current = value;
    setTyped(value);
  }, [value]);
  const type = (next: string) => {
    setTyped(next);
    settle(next.trim());
  };
  return (
    <TextInput
      className={classes.search}
      type="search"
      aria-label={t('search')}
      placeholder={t('search_hint')}
      value={typed}
      onChange={(event) => type(event.currentTarget.value)}
      rightSection={
        typed && <CloseButton size="sm" aria-label={t('search_clear')} onClick={() => type('')} />
      }
    />
  );
}

/** The set of people that is shown, as a chip that can be taken away. */
function SetChip({ search, segmentName }: FilterProps) {
  const { t } = useTranslation('customers');
  const change = useChange();
  if (!search.segment && !search.selection) return null;
  return (
    <span className={classes.chip}>
      <span>
        {search.segment
          ? t('chip_segment', { name: segmentName ?? '…' })
          : (search.title ?? t('chip_selection'))}
      </span>
      <CloseButton
        size="sm"
        aria-label={t('chip_remove')}
        onClick={() => change({ segment: undefined, selection: undefined, title: undefined })}
      />
    </span>
  );
}
