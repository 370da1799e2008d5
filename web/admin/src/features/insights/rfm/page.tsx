/** RFM: who bought how often and how long ago; cells lead to the people, a segment or a campaign. */
import { keepPreviousData } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { $api } from '../../../api/client';
import type { Rfm } from '../../../api/types';
import { Card } from '../../../ui/card';
import { EmptyState } from '../../../ui/empty-state';
import { LinkButton } from '../../../ui/link-button';
import { Loaded } from '../../../ui/loading';
import { PageHead } from '../../../ui/page-head';
import { People } from '../../../ui/people';
import { Rich } from '../../../ui/rich';
import type { RfmSearch } from '../search';
import { BandsButton } from './bands';
import { Bar } from './bar';
import {
  type Cell,
  DEFAULT_F,
  DEFAULT_R,
  readBounds,
  readCells,
  regularsAway,
  spanOf,
  writeBounds,
  writeCells,
} from './cells';
import { ExportTools, RfmTable } from './export';
import { RfmGrid } from './grid';
import { Legend } from './legend';
import classes from './page.module.css';
import { SelectionPanel } from './panel';
import { PhoneSummary } from './phone-summary';
import { rectangleName } from './words';

export function RfmPage() {
  const { t } = useTranslation('insights');
  const search = useSearch({ from: '/signed-in/insights/rfm' });
  const navigate = useNavigate({ from: '/insights/rfm' });
  const r = readBounds(search.r, DEFAULT_R);
  const f = readBounds(search.f, DEFAULT_F);
  const rfm = $api.useQuery(
    'get',
    '/api/insights/rfm',
    { params: { query: { r: r.join(','), f: f.join(',') } } },
    { placeholderData: keepPreviousData },
  );
  const cells = readCells(search.cells).filter(([row, column]) => row <= r.length && column < f.length);
  const change = (next: RfmSearch) =>
    void navigate({ search: (last) => ({ ...last, ...next }), replace: true, resetScroll: false });
  return (
    <>
      <PageHead title={useTitle(rfm.data, cells)}>
        <BandsButton
          r={r}
          f={f}
          onChange={(nextR, nextF) =>
            change({ r: writeBounds(nextR, DEFAULT_R), f: writeBounds(nextF, DEFAULT_F), cells: undefined })
          }
        />
        {rfm.data && (
          <ExportTools
            rfm={rfm.data}
            isTable={search.table === true}
            onTable={(table) => change({ table: table || undefined })}
          />
        )}
      </PageHead>
      <Loaded query={rfm} height={640}>
        {(data) =>
          data.total.people === 0 ? (
            <EmptyState title={t('rfm.empty_title')} text={t('rfm.empty_text')}>
              <LinkButton variant="filled" to="/imports">
                {t('to_imports')}
              </LinkButton>
            </EmptyState>
          ) : (
            <div className={classes.layout}>
              <Card label={t('rfm.grid')} className={classes.card} pad={false}>
                {search.table ? (
                  <RfmTable rfm={data} />
                ) : (
                  <>
                    <Bar
                      rfm={data}
                      view={search.view ?? 'people'}
                      onView={(view) => change({ view: view === 'people' ? undefined : view })}
                    />
                    <p className={classes.axis}>{t('rfm.orders_axis')}</p>
                    <RfmGrid
                      rfm={data}
                      view={search.view ?? 'people'}
                      selected={cells}
                      onSelect={(next) => change({ cells: writeCells(next) })}
                    />
                    <Legend rfm={data} view={search.view ?? 'people'} />
                  </>
                )}
                <Hint rfm={data} isGrid={!search.table} />
              </Card>
              {cells.length > 0 && (
                <PhoneSummary rfm={data} cells={cells} onClear={() => change({ cells: undefined })} />
              )}
              <SelectionPanel
                rfm={data}
                r={r}
                f={f}
                cells={cells}
                onSelect={(next) => change({ cells: writeCells(next) })}
              />
            </div>
          )
        }
      </Loaded>
    </>
  );
}

/** The finding as the page's heading: of the selection, or of the regulars who stay away. */
function useTitle(rfm: Rfm | undefined, cells: Cell[]): string {
  const { t } = useTranslation('insights');
  if (!rfm) return t('rfm.title');
  const away = regularsAway(rfm.r_bands, rfm.f_bands);
  const shown = cells.length > 0 ? cells : away;
  const people = shown.reduce((sum, [row, column]) => sum + (rfm.cells[row]?.[column]?.people ?? 0), 0);
  if (cells.length === 0 && people === 0) return t('rfm.title');
  const span = spanOf(shown, rfm.r_bands, rfm.f_bands);
  if (!span) return t('rfm.title_cells', { count: cells.length, people });
  const isAway = span.r.to === null && span.r.from > 1 && span.f.to === null;
  if (isAway) return t('rfm.title_away', { people, times: span.f.from, days: span.r.from - 1 });
  return t('rfm.title_span', { people, text: rectangleName(t, span) });
}

function Hint({ rfm, isGrid }: { rfm: Rfm; isGrid: boolean }) {
  const { t } = useTranslation('insights');
  return (
    <p className={classes.hint}>
      {isGrid && (
        <>
          <span className={classes.mouse}>
            <Rich text={t('rfm.hint')} />{' '}
          </span>
          <span className={classes.finger}>{t('rfm.hint_finger')} </span>
        </>
      )}
      {rfm.never_bought.count > 0 && (
        <>
          {t('rfm.never', { count: rfm.never_bought.count })}{' '}
          <People people={rfm.never_bought.people} title={t('rfm.never_title')}>
            {t('rfm.never_see')}
          </People>
        </>
      )}
    </p>
  );
}
