/** コホート: of those who came in a month, how many bought again in each month after. */
import { SegmentedControl } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { $api } from '../../api/client';
import type { Cohorts } from '../../api/types';
import { formatPercent } from '../../format/number';
import { Card } from '../../ui/card';
import { EmptyState } from '../../ui/empty-state';
import { Formula } from '../../ui/formula';
import { LinkButton } from '../../ui/link-button';
import { Loaded } from '../../ui/loading';
import { PageHead } from '../../ui/page-head';
import { CohortGrid } from './cohort-grid';
import { averageAt } from './cohort-rates';
import classes from './cohorts.module.css';
import { COHORT_VIEWS } from './search';

export function CohortsPage() {
  const { t } = useTranslation('insights');
  const cohorts = $api.useQuery('get', '/api/insights/cohorts');
  const third = cohorts.data ? averageAt(cohorts.data.months, 3) : null;
  return (
    <>
      <PageHead
        title={third === null ? t('cohorts.title') : t('cohorts.finding', { share: formatPercent(third, 0) })}
        meta={t('cohorts.meta')}
      />
      <Loaded query={cohorts} height={520}>
        {(data) =>
          data.months.length === 0 ? (
            <EmptyState title={t('rfm.empty_title')} text={t('cohorts.empty_text')}>
              <LinkButton variant="filled" to="/imports">
                {t('to_imports')}
              </LinkButton>
            </EmptyState>
          ) : (
            <Grid cohorts={data} />
          )
        }
      </Loaded>
    </>
  );
}

function Grid({ cohorts }: { cohorts: Cohorts }) {
  const { t } = useTranslation('insights');
  const { view = 'rate' } = useSearch({ from: '/signed-in/insights/cohorts' });
  const navigate = useNavigate({ from: '/insights/cohorts' });
  return (
    <Card>
      <div className={classes.bar}>
        <SegmentedControl
          size="xs"
          aria-label={t('rfm.view')}
          value={view}
          data={COHORT_VIEWS.map((known) => ({ value: known, label: t(`cohorts.views.${known}`) }))}
          onChange={(value) => {
            const chosen = COHORT_VIEWS.find((known) => known === value);
            void navigate({
              search: !chosen || chosen === 'rate' ? {} : { view: chosen },
              replace: true,
              resetScroll: false,
            });
          }}
        />
        <span className="muted small">
          <Formula formula={t('cohorts.formula')}>{t('how')}</Formula>
        </span>
      </div>
      <CohortGrid months={cohorts.months} view={view} />
    </Card>
  );
}
