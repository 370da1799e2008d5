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
import { Undo, Undoing } from './undo';

type Props = { data: Import; onChange: () => Promise<void> };

export function Report({ data, onChange }: Props) {
  const { class: shown } = useSearch({ from: '/signed-in/imports/$importId' });
  return (
    <div className={style.column}>
      <Effect data={data} />
      {data.state === 'undoing' ? <Undoing data={data} onChange={onChange} /> : null}
      {data.classes.length > 0 ? <Account data={data} /> : null}
      {shown ? <Lines importId={data.import_id} shown={shown} /> : null}
      {data.state === 'undoing' || data.state === 'undone' ? null : <Undo data={data} onChange={onChange} />}
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
      {data.error && state !== 'done' ? <p className="down">{data.error}</p> : null}
      {effect && state !== 'undone' ? (
        <dl className={style.tiles}>
          {(['new', 'changed', 'unchanged'] as const).map((kind) => (
            <div key={kind}>
              <dt>{t(`expected.${kind}`)}</dt>
              <dd>{formatNumber(effect[kind])}</dd>
            </div>
          ))}
        </dl>
      ) : null}
      {data.consent === 'none' && state !== 'undone' ? <p>{t('done.nobody_reachable')}</p> : null}
      {state === 'undone' ? <p className="muted">{t('undo.done_text')}</p> : null}
      <p className="muted small" role="status">
        {lag > 0 ? t('done.lag', { count: lag }) : t('done.no_lag')}
      </p>
    </Card>
  );
}
