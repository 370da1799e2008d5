/** How many people the draft means, and some of them: always beside the sentences, never behind a button. */
import { Loader } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useCan } from '../../../api/queries';
import type { CustomerRow, SegmentPreview, SegmentTree } from '../../../api/types';
import { formatNumber } from '../../../format/number';
import { Card } from '../../../ui/card';
import { useOpenPeople } from '../../../ui/people';
import { ProblemNotice } from '../../../ui/problem-notice';
import style from './people-now.module.css';

type Props = {
  tree: SegmentTree;
  isEmpty: boolean;
  isReady: boolean;
  preview: SegmentPreview | null | undefined;
  isBehind: boolean;
  error: unknown;
};

export function PeopleNow({ tree, isEmpty, isReady, preview, isBehind, error }: Props) {
  const { t } = useTranslation('segments');
  if (isEmpty) return <Waiting text={t('now.empty')} />;
  if (error && !isBehind) {
    return (
      <Card label={t('now.label')}>
        <ProblemNotice error={error} />
      </Card>
    );
  }
  if (!preview) return <Waiting text={isReady ? t('now.counting') : t('now.waiting')} isBusy={isReady} />;
  return (
    <Card label={t('now.label')}>
      {isReady ? null : (
        <p className={style.outdated} role="status">
          {t('now.unfinished')}
        </p>
      )}
      <div
        aria-live="polite"
        aria-busy={isBehind}
        className={style.head}
        data-behind={isBehind}
        data-outdated={!isReady || undefined}
      >
        <p className={style.count}>
          {formatNumber(preview.count)}
          <span>{t('now.people')}</span>
          {isBehind ? <Loader size={14} /> : null}
        </p>
        <p className="muted">
          {t('now.of', { of: preview.of, share: preview.of > 0 ? preview.count / preview.of : 0 })}
        </p>
        <p className="muted small">{t('now.took', { ms: preview.took_ms })}</p>
      </div>
      {isReady && preview.count === 0 ? <p className={style.nobody}>{t('now.nobody')}</p> : null}
      {isReady ? <Sample tree={tree} preview={preview} canOpen={!isBehind} /> : null}
    </Card>
  );
}

function Waiting({ text, isBusy = false }: { text: string; isBusy?: boolean }) {
  const { t } = useTranslation('segments');
  return (
    <Card label={t('now.label')}>
      <p className={style.waiting} aria-live="polite">
        {isBusy ? <Loader size={14} /> : null} {text}
      </p>
    </Card>
  );
}

function Sample({
  tree,
  preview,
  canOpen,
}: {
  tree: SegmentTree;
  preview: SegmentPreview;
  canOpen: boolean;
}) {
  const { t } = useTranslation('segments');
  const open = useOpenPeople();
  const can = useCan();
  if (preview.sample.length === 0 || !can('customers.read')) return null;
  return (
    <div className={style.sample}>
      <h3>{t('now.sample')}</h3>
      <ul>
        {preview.sample.slice(0, 6).map((person) => (
          <Person key={person.customer_id} person={person} />
        ))}
      </ul>
      {canOpen ? (
        <button type="button" className="link small" onClick={() => open.mutate({ segment: tree })}>
          {t('now.all', { count: preview.count })}
        </button>
      ) : null}
    </div>
  );
}

function Person({ person }: { person: CustomerRow }) {
  const { t } = useTranslation('segments');
  return (
    <li>
      <Link to="/customers/$customerId" params={{ customerId: person.customer_id }} className={style.person}>
        <span className={style.face} aria-hidden="true">
          {(person.company ?? person.name).replace(/^(株式会社|有限会社)\s*/, '').slice(0, 1)}
        </span>
        <span className={style.name}>
          <b>{person.name}</b>
          <small>{person.company ?? person.kana}</small>
        </span>
        <span className={style.figures}>
          {person.days_since === null ? t('now.never') : t('now.days_ago', { count: person.days_since })}
          <small>{t('now.orders', { count: person.orders })}</small>
        </span>
      </Link>
    </li>
  );
}
