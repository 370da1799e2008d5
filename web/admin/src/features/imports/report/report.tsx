/** What became of the file. */
import { useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Import } from '../../../api/types';
import { formatNumber } from '../../../format/number';
import { Card, SectionTitle } from '../../../ui/card';
import { LinkButton } from '../../../ui/link-button';
import style from '../imports.module.css';
import { Account } from './account';
import { Lines } from './lines';

export function Report({ data }: { data: Import }) {
  const { class: shown } = useSearch({ from: '/signed-in/imports/$importId' });
  return (
    <div className={style.column}>
      <Effect data={data} />
      {data.classes.length > 0 ? <Account data={data} /> : null}
      {shown ? <Lines importId={data.import_id} shown={shown} /> : null}
    </div>
  );
}

function Effect({ data }: { data: Import }) {
  const { t } = useTranslation('imports');
  const { effect, lag, state } = data;
  return (
    <Card>
      <SectionTitle
        title={t(`done.${state}`)}
        right={
          <LinkButton to={data.kind === 'customers' ? '/customers' : '/'} size="xs">
            {t(data.kind === 'customers' ? 'done.to_customers' : 'done.to_home')}
          </LinkButton>
        }
      />
      {effect ? (
        <dl className={style.tiles}>
          {(['new', 'changed', 'unchanged'] as const).map((kind) => (
            <div key={kind}>
              <dt>{t(`expected.${kind}`)}</dt>
              <dd>{formatNumber(effect[kind])}</dd>
            </div>
          ))}
        </dl>
      ) : null}
      <p className="muted small" role="status">
        {lag > 0 ? t('done.lag', { count: lag }) : t('done.no_lag')}
      </p>
    </Card>
  );
}
