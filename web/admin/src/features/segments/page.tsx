/** The list of segments: name, how many, who. */
import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { $api, client } from '../../api/client';
import { useCan } from '../../api/queries';
import type { SegmentRow, SegmentTree } from '../../api/types';
import { formatNumber } from '../../format/number';
import { Card } from '../../ui/card';
import { EmptyState } from '../../ui/empty-state';
import { LinkButton } from '../../ui/link-button';
import { Loaded } from '../../ui/loading';
import { PageHead } from '../../ui/page-head';
import { tellProblem } from '../../ui/tell';
import { tellUndo } from '../../ui/tell-undo';
import { treeText } from './describe';
import style from './list.module.css';
import { readText } from './read-text';
import { useSpeaker } from './use-speaker';

export function SegmentsPage() {
  const { t } = useTranslation('segments');
  const segments = $api.useQuery('get', '/api/segments', { params: { query: { limit: 200 } } });
  return (
    <>
      <PageHead title={t('title')} meta={t('list.lead')}>
        {segments.data && segments.data.items.length > 0 ? <NewButton /> : null}
      </PageHead>
      <Card pad={false}>
        <Loaded query={segments}>
          {({ items }) => (items.length === 0 ? <NoSegments /> : <Rows items={items} />)}
        </Loaded>
      </Card>
    </>
  );
}

function NewButton() {
  const { t } = useTranslation('segments');
  const can = useCan();
  if (!can('segments.write')) return <span className="muted small">{t('list.read_only')}</span>;
  return (
    <LinkButton to="/segments/new" variant="filled">
      {t('list.new')}
    </LinkButton>
  );
}

function NoSegments() {
  const { t } = useTranslation('segments');
  return (
    <EmptyState title={t('list.empty_title')} text={t('list.empty_text')}>
      <NewButton />
      <LinkButton to="/insights/rfm">{t('list.empty_rfm')}</LinkButton>
    </EmptyState>
  );
}

function Rows({ items }: { items: SegmentRow[] }) {
  return (
    <ul className={style.list}>
      {items.map((segment) => (
        <Row key={segment.segment_id} segment={segment} />
      ))}
    </ul>
  );
}

function Row({ segment }: { segment: SegmentRow }) {
  const { t } = useTranslation('segments');
  const { segment_id, name, text } = segment;
  const tree = readText(text);
  const count = useCountNow(tree) ?? segment.count;
  const can = useCan();
  const remove = useRemove(segment);
  const speaker = useSpeaker(tree);
  return (
    <li className={style.row}>
      <Link to="/customers" search={{ segment: segment_id, title: name }} className={style.count}>
        {count === null ? <span className="muted small">{t('list.not_counted')}</span> : formatNumber(count)}
        {count === null ? null : <span className="unit">{t('now.people')}</span>}
      </Link>
      <div className={style.what}>
        <Link to="/segments/$segmentId" params={{ segmentId: segment_id }} className={style.name}>
          {name}
        </Link>
        <p className="muted">{tree ? treeText(tree, speaker) : text}</p>
      </div>
      <div className={style.actions}>
        {can('campaigns.write') ? (
          <LinkButton
            size="xs"
            to="/campaigns/new"
            search={{ segment: segment_id, name }}
            aria-label={t('list.campaign_for', { name })}
          >
            {t('list.campaign')}
          </LinkButton>
        ) : null}
        {can('segments.write') ? (
          <Button
            size="xs"
            variant="subtle"
            color="gray"
            aria-label={t('list.remove_for', { name })}
            loading={remove.isPending}
            onClick={() => remove.mutate()}
          >
            {t('list.remove')}
          </Button>
        ) : null}
      </div>
    </li>
  );
}

/** The list keeps the number of the last save; people come and go since then. */
function useCountNow(tree: SegmentTree | null): number | undefined {
  const preview = useQuery({
    queryKey: ['segment-preview', tree],
    enabled: tree !== null,
    queryFn: async ({ signal }) => {
      if (!tree) return null;
      return (await client.POST('/api/segments/preview', { body: { tree }, signal })).data ?? null;
    },
  });
  return preview.data?.count;
}

/** Removing asks nothing: the message that tells of it brings the segment back. */
function useRemove({ segment_id, name }: SegmentRow) {
  const { t } = useTranslation('segments');
  const queries = useQueryClient();
  const refresh = () => queries.invalidateQueries({ queryKey: ['get', '/api/segments'] });
  return useMutation({
    mutationFn: async () => {
      const path = { id: segment_id };
      const { data: whole } = await client.GET('/api/segments/{id}', { params: { path } });
      await client.DELETE('/api/segments/{id}', { params: { path } });
      return whole;
    },
    onSuccess: (whole) => {
      if (whole)
        tellUndo(t('list.removed', { name }), t('list.undo'), async () => {
          await client.POST('/api/segments', { body: { name: whole.name, tree: whole.tree } });
          await refresh();
        });
      return refresh();
    },
    onError: tellProblem,
  });
}
