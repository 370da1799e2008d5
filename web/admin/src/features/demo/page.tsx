/** このデモについて: what is real, what was changed, what is made up, and whose data it is. */
import { useTranslation } from 'react-i18next';
import { $api } from '../../api/client';
import { useMe } from '../../api/queries';
import type { DemoAbout } from '../../api/types';
import { formatNumber } from '../../format/number';
import { Card, SectionTitle } from '../../ui/card';
import { Loaded } from '../../ui/loading';
import { PageHead } from '../../ui/page-head';
import classes from './page.module.css';

export function DemoPage() {
  const { t } = useTranslation('demo');
  const about = $api.useQuery('get', '/api/demo/about');
  return (
    <>
      <PageHead title={t('title')} meta={t('meta')} />
      <Loaded query={about} height={420}>
        {(data) => <About about={data} />}
      </Loaded>
    </>
  );
}

function About({ about }: { about: DemoAbout }) {
  const { t, i18n } = useTranslation('demo');
  const isLarge = useMe().demo?.is_large ?? false;
  const counts = [
    { key: 'orders', value: about.counts.orders },
    { key: 'customers', value: about.counts.customers },
    { key: 'members', value: about.counts.members },
  ];
  return (
    <div className={classes.page}>
      <Card pad={false} label={t('counts')}>
        <dl className={classes.counts}>
          {counts.map((count) => (
            <div key={count.key}>
              <dt>{t(`count.${count.key}`)}</dt>
              <dd>{formatNumber(count.value)}</dd>
            </div>
          ))}
        </dl>
      </Card>
      <div className={classes.two}>
        <Card>
          <SectionTitle title={t(isLarge ? 'large.title' : 'real.title')} />
          <p>{t(isLarge ? 'large.text' : 'real.text')}</p>
          <p className={classes.source}>{about.orders_source}</p>
        </Card>
        <Card>
          <SectionTitle title={t('made_up.title')} />
          <p>{t('made_up.text')}</p>
        </Card>
        <Card>
          <SectionTitle title={t('changes.title')} />
          <ul className={classes.list}>
            {about.changes.map((change) => (
              <li key={change}>
                {i18n.exists(`change.${change}`, { ns: 'demo' }) ? t(`change.${change}`) : change}
              </li>
            ))}
          </ul>
        </Card>
        {isLarge ? null : (
          <Card>
            <SectionTitle title={t('clock.title')} />
            <p>{t('clock.text')}</p>
          </Card>
        )}
      </div>
      <Card>
        <SectionTitle title={t('licences.title')} />
        <ul className={classes.list}>
          {about.licences.map((licence) => (
            <li key={licence.name}>
              <a href={licence.url} className="link" target="_blank" rel="noreferrer">
                {licence.name}
              </a>{' '}
              {t('licence', { by: licence.by, licence: licence.licence })}
            </li>
          ))}
        </ul>
      </Card>
    </div>
  );
}
