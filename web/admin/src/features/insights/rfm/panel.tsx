/** What is selected: how many, what they bought, who can be reached, and what can be done with them. */
import { Button } from '@mantine/core';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { client } from '../../../api/client';
import { useCan } from '../../../api/queries';
import type { CustomerRow, Rfm, RfmSelection } from '../../../api/types';
import { moneyShortParts } from '../../../format/money';
import { formatNumber, formatPercent, formatSigned } from '../../../format/number';
import { Card, SectionTitle } from '../../../ui/card';
import { LinkButton } from '../../../ui/link-button';
import { useOpenPeople } from '../../../ui/people';
import { PhraseList } from '../../../ui/phrase';
import { ProblemNotice } from '../../../ui/problem-notice';
import { Rich } from '../../../ui/rich';
import { tell, tellProblem } from '../../../ui/tell';
import { type Cell, regularsAway, spanOf } from './cells';
import classes from './panel.module.css';
import { rectangleName, rectangleText } from './words';

type Props = { rfm: Rfm; r: number[]; f: number[]; cells: Cell[]; onSelect: (cells: Cell[]) => void };

function useSelection({ r, f, cells }: Pick<Props, 'r' | 'f' | 'cells'>) {
  return useQuery({
    queryKey: ['post', '/api/insights/rfm/selection', r, f, cells],
    enabled: cells.length > 0,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const body = { r, f, cells: cells.map(([row, column]): [number, number] => [row, column]) };
      const { data } = await client.POST('/api/insights/rfm/selection', { body, signal });
      return data ?? null;
    },
  });
}

/** Where the summary of a phone leads. */
export const SELECTION_ID = 'rfm-selection';

export function SelectionPanel(props: Props) {
  const { t } = useTranslation('insights');
  const { rfm, cells } = props;
  const selection = useSelection(props);
  const people = cells.reduce((sum, [row, column]) => sum + (rfm.cells[row]?.[column]?.people ?? 0), 0);
  const span = spanOf(cells, rfm.r_bands, rfm.f_bands);
  const name = span ? rectangleName(t, span) : t('rfm.title_cells', { count: cells.length, people });
  if (cells.length === 0)
    return (
      <Card as="aside" label={t('rfm.selection')} className={classes.panel}>
        <h2 className={classes.title}>{t('rfm.nothing_selected')}</h2>
        <p className={classes.definition}>{t('rfm.nothing_selected_text')}</p>
        <Suggestion rfm={rfm} onSelect={props.onSelect} />
      </Card>
    );
  const data = selection.data;
  return (
    <Card as="aside" id={SELECTION_ID} label={t('rfm.selection')} className={classes.panel}>
      <p className="muted small">{t('rfm.cells_selected', { count: cells.length })}</p>
      <h2 className={classes.title} aria-live="polite">
        <Rich text={t('rfm.people_selected', { count: people })} />
      </h2>
      <p className={classes.definition}>
        {span ? <Rich text={rectangleText(t, span)} /> : data && <PhraseList phrases={data.phrase} />}
      </p>
      {selection.error && <ProblemNotice error={selection.error} onRetry={() => void selection.refetch()} />}
      {data && (
        <div data-stale={selection.isPlaceholderData || undefined} className={classes.body}>
          <Actions selection={data} name={name} />
          <Figures selection={data} />
          <Sample selection={data} name={name} />
        </div>
      )}
    </Card>
  );
}

/** Regulars who have stopped coming are looked for most: one click selects them. */
function Suggestion({ rfm, onSelect }: Pick<Props, 'rfm' | 'onSelect'>) {
  const { t } = useTranslation('insights');
  const cells = regularsAway(rfm.r_bands, rfm.f_bands);
  const first = cells[0];
  const people = cells.reduce((sum, [row, column]) => sum + (rfm.cells[row]?.[column]?.people ?? 0), 0);
  if (!first || people === 0) return null;
  return (
    <Button mt={12} fullWidth className={classes.wrapping ?? ''} onClick={() => onSelect(cells)}>
      {t('rfm.suggestion', {
        times: rfm.f_bands[first[1]]?.from,
        days: (rfm.r_bands[first[0]]?.from ?? 1) - 1,
        people,
      })}
    </Button>
  );
}

function Actions({ selection, name }: { selection: RfmSelection; name: string }) {
  const { t } = useTranslation('insights');
  const can = useCan();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const open = useOpenPeople();
  const save = useMutation({
    mutationFn: async () =>
      (await client.POST('/api/segments', { body: { name, tree: selection.segment } })).data,
    onSuccess: async (segment) => {
      if (!segment) return;
      tell(t('rfm.saved', { name: segment.name }));
      void queryClient.invalidateQueries({ queryKey: ['get', '/api/segments'] });
      await navigate({ to: '/segments/$segmentId', params: { segmentId: segment.segment_id } });
    },
    onError: tellProblem,
  });
  return (
    <div className={classes.actions}>
      {can('campaigns.write') && (
        <LinkButton
          variant="filled"
          size="md"
          to="/campaigns/new"
          search={{ tree: JSON.stringify(selection.segment), name }}
        >
          {t('rfm.create_campaign')}
        </LinkButton>
      )}
      <div className={classes.row}>
        {can('segments.write') && (
          <Button onClick={() => save.mutate()} loading={save.isPending}>
            {t('rfm.save_segment')}
          </Button>
        )}
        {can('customers.read') && (
          <Button
            onClick={() => open.mutate({ people: selection.people_ref, title: name })}
            loading={open.isPending}
          >
            {t('rfm.see_list')}
          </Button>
        )}
      </div>
    </div>
  );
}

function Figures({ selection }: { selection: RfmSelection }) {
  const { t } = useTranslation('insights');
  const sales = moneyShortParts(selection.sales);
  const average = moneyShortParts(selection.average);
  const all = moneyShortParts(selection.average_all);
  const rows = [
    {
      name: t('rfm.sales_so_far'),
      value: sales.value,
      unit: sales.unit,
      note: t('rfm.share_of_all', { share: formatPercent(selection.share_of_sales) }),
    },
    {
      name: t('rfm.per_head'),
      value: average.value,
      unit: average.unit,
      note: t('rfm.average_of_all', { average: `${all.value}${all.unit}` }),
    },
    {
      name: t('rfm.mailable'),
      value: formatNumber(selection.mailable),
      unit: t('people_unit'),
      note: t('rfm.not_mailable', { count: selection.not_mailable }),
    },
    {
      name: t('rfm.views.change'),
      value: formatSigned(selection.people - selection.people_90d_ago),
      unit: t('people_unit'),
      note: t('rfm.from_before', { count: selection.people_90d_ago }),
    },
  ];
  return (
    <dl className={classes.figures}>
      {rows.map((row) => (
        <div key={row.name}>
          <dt>{row.name}</dt>
          <dd className={classes.value}>
            {row.value}
            <small>{row.unit}</small>
          </dd>
          <dd className={classes.note}>{row.note}</dd>
        </div>
      ))}
    </dl>
  );
}

function Sample({ selection, name }: { selection: RfmSelection; name: string }) {
  const { t } = useTranslation('insights');
  const can = useCan();
  const open = useOpenPeople();
  if (selection.sample.length === 0 || !can('customers.read')) return null;
  const rest = selection.people - selection.sample.length;
  return (
    <section>
      <SectionTitle level={3} title={t('rfm.people_in_it')} note={t('rfm.people_order')} />
      <ul className={classes.people}>
        {[...selection.sample].sort(byDaysSince).map((row) => (
          <Person key={row.customer_id} row={row} />
        ))}
      </ul>
      {rest > 0 && (
        <button
          type="button"
          className="link small"
          onClick={() => open.mutate({ people: selection.people_ref, title: name })}
        >
          {t('rfm.others', { count: rest })}
        </button>
      )}
    </section>
  );
}

const byDaysSince = (one: CustomerRow, other: CustomerRow) => (one.days_since ?? 0) - (other.days_since ?? 0);

function Person({ row }: { row: CustomerRow }) {
  const { t } = useTranslation('insights');
  return (
    <li>
      <Link to="/customers/$customerId" params={{ customerId: row.customer_id }}>
        <span className={classes.initial} aria-hidden="true">
          {row.name.replace(/^(株式会社|有限会社|合同会社)\s*/, '').slice(0, 1)}
        </span>
        <span>
          <b>{row.name}</b>
          <small>{row.kana}</small>
        </span>
        <span className="number">
          {row.days_since !== null && t('rfm.days_ago', { count: row.days_since })}
          <small>{t('rfm.f_exactly', { count: row.orders })}</small>
        </span>
      </Link>
    </li>
  );
}
