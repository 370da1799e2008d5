/** The system: is anything behind, what it keeps, which version. */
import { useTranslation } from 'react-i18next';
import { $api } from '../../api/client';
import { useMe } from '../../api/queries';
import type { SystemInfo } from '../../api/types';
import { formatBytes, formatNumber } from '../../format/number';
import { Card, SectionTitle } from '../../ui/card';
import { Formula } from '../../ui/formula';
import { Loaded } from '../../ui/loading';
import { PageHead } from '../../ui/page-head';
import { Company } from './company';
import { Sending } from './sending';
import style from './settings.module.css';

const LANES = ['live', 'backfill', 'history'] as const;
/** Under this much free space an import of a few million lines may not fit. */
const DISK_LOW_BYTES = 5_000_000_000;

export function SystemPage() {
  const { t } = useTranslation('settings');
  const system = $api.useQuery('get', '/api/system', undefined, { staleTime: 0, refetchInterval: 3000 });
  return (
    <>
      <PageHead title={t('system.title')} meta={t('system.lead')} />
      <Loaded query={system} height={320}>
        {(data) => <Whole data={data} />}
      </Loaded>
    </>
  );
}

function Whole({ data }: { data: SystemInfo }) {
  const { t } = useTranslation('settings');
  const { permissions } = useMe();
  const behind = LANES.reduce((sum, lane) => sum + data.lag[lane], 0);
  const free = data.disk_free_bytes;
  const isLow = free !== null && free < DISK_LOW_BYTES;
  return (
    <div className={style.page}>
      <Card>
        <p className={style.one}>{t(behind === 0 ? 'system.in_time' : 'system.behind', { count: behind })}</p>
        <dl className={style.lanes}>
          {LANES.map((lane) => (
            <div key={lane}>
              <dt>
                <Formula formula={t(`lane_text.${lane}`)}>{t(`lane.${lane}`)}</Formula>
              </dt>
              <dd>
                {formatNumber(data.lag[lane])}
                <span className="unit">{t('system.events')}</span>
              </dd>
            </div>
          ))}
        </dl>
      </Card>
      <Card>
        <SectionTitle title={t('system.machine')} />
        <dl className={style.facts}>
          <dt>{t('system.disk')}</dt>
          <dd>
            {free === null ? '—' : formatBytes(free)}{' '}
            {isLow ? (
              <span className="tag" data-tone="attention">
                {t('system.disk_low')}
              </span>
            ) : null}
          </dd>
          <dt>{t('system.total')}</dt>
          <dd>
            {formatNumber(data.events_total)}
            <span className="unit">{t('system.total_unit')}</span>
          </dd>
          <dt>{t('system.records')}</dt>
          <dd>{t(`records.${data.records}`)}</dd>
          <dt>{t('system.version')}</dt>
          <dd>{data.version}</dd>
          <dt>{t('system.api')}</dt>
          <dd>
            <a className="link" href="/api/docs" target="_blank" rel="noreferrer">
              {t('keys.docs')}
            </a>
          </dd>
        </dl>
      </Card>
      <Sending />
      {permissions.includes('settings.manage') ? <Company /> : null}
    </div>
  );
}
