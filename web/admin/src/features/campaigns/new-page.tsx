/** A new campaign: to whom, and from which of the ready mails; the rest is written in the editor. */
import { Button, Select, TextInput, Tooltip } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { $api, client } from '../../api/client';
import { useCan } from '../../api/queries';
import type { SegmentTree, TemplateId } from '../../api/types';
import { currentLanguage, type Language } from '../../i18n/language';
import { Card, SectionTitle } from '../../ui/card';
import { EmptyState } from '../../ui/empty-state';
import { LinkButton } from '../../ui/link-button';
import { Loaded } from '../../ui/loading';
import { PageHead } from '../../ui/page-head';
import { tellProblem } from '../../ui/tell';
import style from './new.module.css';
import { type Choice, Templates } from './template-cards';
import { treeFromText } from './tree-text';

export function NewCampaignPage() {
  const { t } = useTranslation('campaigns');
  const search = useSearch({ from: '/signed-in/campaigns/new' });
  const tree = treeFromText(search.tree);
  const [segment, setSegment] = useState(search.segment ?? null);
  const [template, setTemplate] = useState<Choice>('long_time');
  const [name, setName] = useState('');
  const create = useCreate();
  const can = useCan();
  const language = currentLanguage();
  // People who have a name are kept as a segment: they can be found again, and the campaign says who they are.
  const keptName = can('segments.write') ? search.name?.slice(0, 100) : undefined;
  const blocked = !can('campaigns.write')
    ? t('new.no_permission')
    : !segment && !tree
      ? t('new.choose_segment')
      : null;
  const send = () => {
    if (blocked !== null || create.isPending) return;
    const chosen = name.trim() || t(`template.${template}.name`);
    create.mutate({
      name: chosen,
      ...(tree ? { tree } : { segment_id: segment ?? '' }),
      ...(tree && keptName ? { keptName } : {}),
      ...(template === 'empty' ? {} : { template, language }),
    });
  };
  return (
    <>
      <PageHead
        title={t('new.title')}
        crumbs={[{ label: t('title'), to: '/campaigns' }]}
        meta={t('new.lead')}
      />
      <div className={style.steps}>
        <Card>
          <SectionTitle title={t('new.whom')} />
          {tree ? (
            <HandedOver tree={tree} name={search.name ?? null} />
          ) : (
            <ChooseSegment value={segment} onChange={setSegment} />
          )}
        </Card>
        <Card>
          <SectionTitle title={t('new.what')} note={t('new.what_note')} />
          <Templates value={template} onChange={setTemplate} />
        </Card>
        <Card>
          <TextInput
            label={t('new.name')}
            description={t('new.name_note')}
            placeholder={t(`template.${template}.name`)}
            maxLength={120}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
        </Card>
        <div>
          <Tooltip label={blocked} disabled={blocked === null}>
            <Button
              variant="filled"
              size="md"
              aria-disabled={blocked !== null}
              data-disabled={blocked !== null || undefined}
              loading={create.isPending}
              onClick={send}
            >
              {t('new.create')}
            </Button>
          </Tooltip>
          {blocked ? <p className="muted small">{blocked}</p> : null}
        </div>
      </div>
    </>
  );
}

type NewDraft = {
  name: string;
  segment_id?: string;
  tree?: SegmentTree;
  template?: TemplateId;
  language?: Language;
  keptName?: string;
};

async function keep(name: string, tree: SegmentTree): Promise<string | null> {
  const { data } = await client.POST('/api/segments', { body: { name, tree } });
  return data?.segment_id ?? null;
}

function useCreate() {
  const navigate = useNavigate();
  const queries = useQueryClient();
  // When the campaign could not be made, the next try finds the segment that was kept.
  const kept = useRef<string | null>(null);
  return useMutation({
    mutationFn: async ({ keptName, ...draft }: NewDraft) => {
      const { tree, ...rest } = draft;
      if (tree && keptName) kept.current ??= await keep(keptName, tree);
      const body = kept.current ? { ...rest, segment_id: kept.current } : draft;
      return (await client.POST('/api/campaigns', { body })).data;
    },
    onSuccess: (campaign) => {
      void queries.invalidateQueries({ queryKey: ['get', '/api/campaigns'] });
      if (kept.current) void queries.invalidateQueries({ queryKey: ['get', '/api/segments'] });
      if (!campaign) return;
      // Until the page has changed, a second press would make a second draft.
      const to = { to: '/campaigns/$campaignId', params: { campaignId: campaign.campaign_id } } as const;
      return navigate({ ...to, replace: true });
    },
    onError: tellProblem,
  });
}

/** People who were selected on another page: they are counted, and named as they were there. */
function HandedOver({ tree, name }: { tree: SegmentTree; name: string | null }) {
  const { t } = useTranslation('campaigns');
  const preview = useQuery({
    queryKey: ['segment-preview', tree],
    queryFn: async () => {
      const { data } = await client.POST('/api/segments/preview', { body: { tree } });
      if (!data) throw new Error('no answer');
      return data;
    },
  });
  return (
    <Loaded query={preview} height={60}>
      {({ count, text }) => (
        <div>
          <p className={style.count}>{t('new.people', { count })}</p>
          <p className="muted">{name ?? text}</p>
          {name ? <p className="muted small">{t('new.kept', { name })}</p> : null}
          <Link
            className="link small"
            to="/segments/new"
            search={{ tree: JSON.stringify(tree), ...(name ? { name } : {}) }}
          >
            {t('new.refine')}
          </Link>
        </div>
      )}
    </Loaded>
  );
}

function ChooseSegment({ value, onChange }: { value: string | null; onChange: (id: string | null) => void }) {
  const { t } = useTranslation('campaigns');
  const segments = $api.useQuery('get', '/api/segments', { params: { query: { limit: 200 } } });
  return (
    <Loaded query={segments} height={60}>
      {({ items }) => {
        if (items.length === 0)
          return (
            <EmptyState level={3} title={t('new.no_segments')} text={t('new.no_segments_text')}>
              <LinkButton to="/segments/new">{t('new.make_segment')}</LinkButton>
            </EmptyState>
          );
        const chosen = items.find((item) => item.segment_id === value);
        return (
          <>
            <Select
              label={t('new.segment')}
              placeholder={t('new.choose_segment')}
              searchable
              maw={480}
              value={value}
              onChange={onChange}
              data={items.map((item) => ({
                value: item.segment_id,
                label:
                  item.count === null
                    ? item.name
                    : t('new.segment_option', { name: item.name, count: item.count }),
              }))}
            />
            {chosen ? <p className={style.said}>{chosen.text}</p> : null}
          </>
        );
      }}
    </Loaded>
  );
}
