/** What became of the file. */
import { useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useMe } from '../../../api/queries';
import type { Import } from '../../../api/types';
import { formatInstant } from '../../../format/day';
import { Card, SectionTitle } from '../../../ui/card';
import { LinkButton } from '../../../ui/link-button';
import { Counted } from '../counted';
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
  const { effect, kind, lag, state } = data;
  const { zone } = useMe();
  return (
    <Card>
      <SectionTitle
        title={t(`done.${state}`)}
        right={
          <LinkButton to={kind === 'customers' ? '/customers' : '/'} size="xs">
            {t(kind === 'customers' ? 'done.to_customers' : 'done.to_home')}
          </LinkButton>
        }
      />
      {data.error && state !== 'done' ? <p className="down">{data.error}</p> : null}
      {effect && state !== 'undone' ? (
        <>
          <dl className={style.tiles}>
            {(['new', 'changed', 'unchanged'] as const).map((change) => (
              <div key={change}>
                <dt>{t(`expected.${kind}.${change}`)}</dt>
                <dd>
                  <Counted count={effect[change]} unit={kind} />
                </dd>
              </div>
            ))}
          </dl>
          <p className="muted small">{t(`done.unit.${kind}`)}</p>
        </>
      ) : null}
      {data.consent === 'none' && state !== 'undone' ? <p>{t('done.nobody_reachable')}</p> : null}
      {state === 'undone' ? (
        <>
          <p>{t('undo.done_text', { count: data.lines ?? 0 })}</p>
          <p>{t('undo.done_stays')}</p>
          <p className="muted">
            {data.undone_at ? t('undo.done_at', { at: formatInstant(data.undone_at, zone) }) : ''}
            {t('undo.done_again')}
          </p>
        </>
      ) : null}
      <p className="muted small" role="status">
        {lag > 0 ? t('done.lag', { count: lag }) : t(state === 'undone' ? 'undo.no_lag' : 'done.no_lag')}
      </p>
    </Card>
  );
}
