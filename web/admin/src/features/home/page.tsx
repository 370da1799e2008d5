/** ホーム: what changed, in one sentence, then the evidence, then what to do. */
import { Select } from '@mantine/core';
import { keepPreviousData } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { $api } from '../../api/client';
import type { Home } from '../../api/types';
import { formatDayRange } from '../../format/day';
import { EmptyState } from '../../ui/empty-state';
import { LinkButton } from '../../ui/link-button';
import { Loaded } from '../../ui/loading';
import { PageHead } from '../../ui/page-head';
import { Findings } from './findings';
import { Headline } from './headline';
import { Kpis } from './kpis';
import classes from './page.module.css';
import { Running } from './running';
import { HOME_DAYS, type HomeDays } from './search';

export function HomePage() {
  const { t } = useTranslation('home');
  const { days = 28 } = useSearch({ from: '/signed-in/' });
  const home = $api.useQuery(
    'get',
    '/api/insights/home',
    { params: { query: { days } } },
    { placeholderData: keepPreviousData },
  );
  const period = home.data?.period;
  return (
    <>
      <PageHead
        title={t('title')}
        meta={
          period && (
            <>
              {t('period', { range: formatDayRange(period.from, period.to), days })}
              <span className="small">{t('compared', { days })}</span>
            </>
          )
        }
      >
        <PeriodSelect days={days} />
      </PageHead>
      <Loaded query={home} height={520}>
        {(data) => <HomeBody home={data} days={days} />}
      </Loaded>
    </>
  );
}

function PeriodSelect({ days }: { days: HomeDays }) {
  const { t } = useTranslation('home');
  const navigate = useNavigate({ from: '/' });
  return (
    <Select
      size="xs"
      w={96}
      allowDeselect={false}
      aria-label={t('period_label')}
      data={HOME_DAYS.map((known) => ({ value: String(known), label: t('days', { days: known }) }))}
      value={String(days)}
      onChange={(value) => {
        const chosen = HOME_DAYS.find((known) => String(known) === value);
        void navigate({
          search: chosen === undefined || chosen === 28 ? {} : { days: chosen },
          replace: true,
        });
      }}
    />
  );
}

function HomeBody({ home, days }: { home: Home; days: HomeDays }) {
  const { t } = useTranslation('home');
  if (home.orders.now === 0 && home.orders.before === 0)
    return (
      <EmptyState title={t('empty.title')} text={t('empty.text')}>
        <LinkButton variant="filled" to="/imports">
          {t('empty.import')}
        </LinkButton>
      </EmptyState>
    );
  return (
    <>
      <Headline home={home} days={days} />
      <Kpis home={home} />
      <div className={classes.two}>
        <Findings findings={home.findings} />
        <Running campaigns={home.campaigns} />
      </div>
    </>
  );
}
