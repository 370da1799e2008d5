/** The list of customers: search while typing, order, and the set of people that a figure or a segment led to. */
import { CloseButton, Select, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { keepPreviousData } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { $api } from '../../api/client';
import { formatNumber } from '../../format/number';
import { PageHead } from '../../ui/page-head';
import { CustomerList } from './list';
import classes from './page.module.css';
import { type CustomersSearch, SORTS } from './search';

const PAGE_SIZE = 60;

function useCustomers(search: CustomersSearch) {
  const query = {
    limit: PAGE_SIZE,
    ...(search.q ? { search: search.q } : {}),
    ...(search.sort ? { sort: search.sort } : {}),
    ...(search.segment ? { segment_id: search.segment } : {}),
    ...(search.selection ? { selection: search.selection } : {}),
  };
  return $api.useInfiniteQuery(
    'get',
    '/api/customers',
    { params: { query } },
    {
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
  const customers = useCustomers(search);
  const total = customers.data?.pages[0]?.total;
  return (
    <>
      <PageHead
        title={t('title')}
        meta={
          <span aria-live="polite">
            {total !== undefined && t('count', { count: total, written: formatNumber(total) })}
          </span>
        }
      />
      <Filters search={search} />
      <CustomerList query={customers} search={search} />
    </>
  );
}

function useChange() {
  const navigate = useNavigate({ from: '/customers' });
  return (next: CustomersSearch) =>
    void navigate({ search: (last) => ({ ...last, ...next }), replace: true, resetScroll: false });
}

function Filters({ search }: { search: CustomersSearch }) {
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
      <SetChip search={search} />
    </div>
  );
}

/** Typing changes the address after a breath; the address changed elsewhere changes the field. */
function SearchField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const { t } = useTranslation('customers');
  const [typed, setTyped] = useState(value);
  const settle = useDebouncedCallback(onChange, 160);
  useEffect(() => setTyped(value), [value]);
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
function SetChip({ search }: { search: CustomersSearch }) {
  const { t } = useTranslation('customers');
  const change = useChange();
  const segment = $api.useQuery(
    'get',
    '/api/segments/{id}',
    { params: { path: { id: search.segment ?? '' } } },
    { enabled: search.segment !== undefined },
  );
  const name = search.segment ? segment.data?.name : search.selection ? search.title : undefined;
  if (!search.segment && !search.selection) return null;
  return (
    <span className={classes.chip}>
      <span>{search.segment ? t('chip_segment', { name: name ?? '…' }) : (name ?? t('chip_selection'))}</span>
      <CloseButton
        size="sm"
        aria-label={t('chip_remove')}
        onClick={() => change({ segment: undefined, selection: undefined, title: undefined })}
      />
    </span>
  );
}
