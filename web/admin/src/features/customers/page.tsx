/** The list of customers: search while typing, order, and the set of people that a figure or a segment led to. */
import { Button, CloseButton, Select, TextInput, Tooltip } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { keepPreviousData } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { $api } from '../../api/client';
import { useCan } from '../../api/queries';
import type { CustomerPage } from '../../api/types';
import { formatNumber } from '../../format/number';
import { currentLanguage } from '../../i18n/language';
import { PageHead } from '../../ui/page-head';
import { ProblemNotice } from '../../ui/problem-notice';
import { CustomerList } from './list';
import classes from './page.module.css';
import { type CustomersSearch, SORTS, WHO } from './search';
import { useChosen } from './use-chosen';

const PAGE_SIZE = 60;

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
  const chosen = useChosen(search);
  const selection = chosen.isAsked ? chosen.query.data?.selection : search.selection;
  const isKnown = !chosen.isAsked || selection !== undefined;
  const customers = useCustomers(search, selection, isKnown);
  // Until it is known who is meant, what is there is about others.
  const first = isKnown ? customers.data?.pages[0] : undefined;
  return (
    <>
      <PageHead title={t('title')} meta={<Total page={first} />}>
        <SaveCsv search={search} selection={selection} count={first?.total ?? 0} />
      </PageHead>
      <Filters search={search} segmentName={search.segment ? chosen.query.data?.name : undefined} />
      {chosen.query.error ? (
        <ProblemNotice error={chosen.query.error} onRetry={() => void chosen.query.refetch()} />
      ) : (
        <CustomerList query={customers} search={search} />
      )}
    </>
  );
}

/** How many there are; a search that stops counting says so. */
function Total({ page }: { page: CustomerPage | undefined }) {
  const { t } = useTranslation('customers');
  const { total } = page ?? {};
  const key = page?.has_more_than_total ? 'count_more' : 'count';
  return (
    <span aria-live="polite">
      {typeof total === 'number' && t(key, { count: total, written: formatNumber(total) })}
    </span>
  );
}

type SaveProps = { search: CustomersSearch; selection: string | undefined; count: number };

/** Everybody whom the list shows, in its order, for a spreadsheet. */
function SaveCsv({ search, selection, count }: SaveProps) {
  const { t } = useTranslation('customers');
  const can = useCan();
  if (!can('customers.export') || count === 0) return null;
  const query = new URLSearchParams({
    language: currentLanguage(),
    ...(search.q ? { search: search.q } : {}),
    ...(search.sort ? { sort: search.sort } : {}),
    ...(selection ? { selection } : {}),
  });
  return (
    <Tooltip label={t('csv_note')} maw={280}>
      <Button component="a" href={`/api/customers.csv?${query}`} download>
        {t('csv')}
      </Button>
    </Tooltip>
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
      <WhoField search={search} />
      <Select
        aria-label={t('sort')}
        className={classes.select}
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

const EVERYBODY = 'everybody';

/** Who is listed: everybody, one of a few sets, or the people of a segment. */
function WhoField({ search }: { search: CustomersSearch }) {
  const { t } = useTranslation('customers');
  const change = useChange();
  const can = useCan();
  const segments = $api.useQuery(
    'get',
    '/api/segments',
    { params: { query: { limit: 200 } } },
    { enabled: can('segments.read') },
  );
  const saved = (segments.data?.items ?? []).map(({ segment_id, name }) => ({
    value: segment_id,
    label: name,
  }));
  return (
    <Select
      aria-label={t('who.label')}
      className={classes.select}
      allowDeselect={false}
      searchable={saved.length > 8}
      data={[
        { value: EVERYBODY, label: t('who.everybody') },
        ...WHO.map((who) => ({ value: who, label: t(`who.${who}`) })),
        ...(saved.length > 0 ? [{ group: t('who.segments'), items: saved }] : []),
      ]}
      value={search.segment ?? search.who ?? EVERYBODY}
      onChange={(value) => {
        const who = WHO.find((known) => known === value);
        const segment = who || value === EVERYBODY ? undefined : (value ?? undefined);
        change({ who, segment, selection: undefined, title: undefined });
      }}
    />
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
