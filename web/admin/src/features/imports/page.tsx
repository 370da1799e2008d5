/** Bringing data in: drop a file, and the list of what was brought in before. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { $api } from '../../api/client';
import { useMe } from '../../api/queries';
import type { ImportRow } from '../../api/types';
import { formatInstant } from '../../format/day';
import { Card, SectionTitle } from '../../ui/card';
import { Loaded } from '../../ui/loading';
import { PageHead } from '../../ui/page-head';
import style from './imports.module.css';
import { Upload } from './upload';

const listOptions = $api.queryOptions(
  'get',
  '/api/imports',
  { params: { query: { limit: 100 } } },
  { staleTime: 0 },
);

export function ImportsPage() {
  const { t } = useTranslation('imports');
  const imports = useQuery(listOptions);
  return (
    <>
      <PageHead title={t('title')} meta={t('lead')} />
      <Upload />
      <Card className={style.list}>
        <SectionTitle title={t('list.title')} />
        <Loaded query={imports} height={120}>
          {({ items }) =>
            items.length === 0 ? <p className="muted">{t('list.empty')}</p> : <Rows items={items} />
          }
        </Loaded>
      </Card>
    </>
  );
}

function Rows({ items }: { items: ImportRow[] }) {
  return (
    <ul>
      {items.map((row) => (
        <Row key={row.import_id} row={row} />
      ))}
    </ul>
  );
}

const tone = (state: ImportRow['state']): string | undefined =>
  state === 'failed' ? 'attention' : state === 'running' ? 'good' : undefined;

function Row({ row }: { row: ImportRow }) {
  const { t } = useTranslation('imports');
  const { zone } = useMe();
  return (
    <li className={style.row}>
      <Link to="/imports/$importId" params={{ importId: row.import_id }} className={style.file}>
        {row.file_name}
      </Link>
      <span className="muted">{t(`kind.${row.kind}`)}</span>
      <span className={style.lines}>{row.lines === null ? '' : t('lines', { count: row.lines })}</span>
      <span className="tag" data-tone={tone(row.state)}>
        {t(`state.${row.state}`)}
      </span>
      <span className="muted small nowrap">
        {row.started_at ? formatInstant(row.started_at, zone) : t('list.not_started')}
      </span>
    </li>
  );
}
