/** "Why is this person not in it?": pick somebody, and the conditions answer one by one. */
import { TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { $api, client } from '../../../api/client';
import type { CustomerRow, Phrase, SegmentTree } from '../../../api/types';
import { Card, SectionTitle } from '../../../ui/card';
import { keysOf } from '../../../ui/keys';
import { Loaded } from '../../../ui/loading';
import { PhraseText } from '../../../ui/phrase';
import { ProblemNotice } from '../../../ui/problem-notice';
import style from './side.module.css';

export function WhyNot({ tree, isReady }: { tree: SegmentTree; isReady: boolean }) {
  const { t } = useTranslation('segments');
  const [person, setPerson] = useState<CustomerRow | null>(null);
  return (
    <Card>
      <SectionTitle title={t('why.title')} />
      {!isReady ? <p className="muted small">{t('why.blocked')}</p> : null}
      {isReady && !person ? <FindPerson onPick={setPerson} /> : null}
      {isReady && person ? <Answer tree={tree} person={person} onOther={() => setPerson(null)} /> : null}
    </Card>
  );
}

function FindPerson({ onPick }: { onPick: (person: CustomerRow) => void }) {
  const { t } = useTranslation('segments');
  const [search, setSearch] = useState('');
  const [asked] = useDebouncedValue(search.trim(), 200);
  const found = $api.useQuery(
    'get',
    '/api/customers',
    { params: { query: { search: asked, limit: 6 } } },
    { enabled: asked !== '' },
  );
  return (
    <>
      <p className="muted small">{t('why.lead')}</p>
      <TextInput
        mt={8}
        data-free-text="true"
        aria-label={t('why.search')}
        placeholder={t('why.search')}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      {asked !== '' && found.data?.items.length === 0 ? (
        <p className="muted small">{t('why.nobody')}</p>
      ) : null}
      {found.error ? <ProblemNotice error={found.error} onRetry={() => void found.refetch()} /> : null}
      <ul className={style.found}>
        {asked === ''
          ? null
          : found.data?.items.map((person) => (
              <li key={person.customer_id}>
                <button type="button" onClick={() => onPick(person)}>
                  <b>{person.name}</b>
                  <small>{[person.kana, person.number].filter(Boolean).join('・')}</small>
                </button>
              </li>
            ))}
      </ul>
    </>
  );
}

type AnswerProps = { tree: SegmentTree; person: CustomerRow; onOther: () => void };

function Answer({ tree, person, onOther }: AnswerProps) {
  const { t } = useTranslation('segments');
  const answer = useQuery({
    queryKey: ['segment-why', tree, person.customer_id],
    queryFn: async () => {
      const { data } = await client.POST('/api/segments/why', {
        body: { tree, customer_id: person.customer_id },
      });
      if (!data) throw new Error('no answer');
      return data;
    },
  });
  return (
    <>
      <Loaded query={answer} height={90}>
        {(why) => (
          <div aria-live="polite">
            <p className={style.verdict} data-in={why.is_member}>
              {t(why.is_member ? 'why.in' : 'why.out', { name: person.name })}
            </p>
            <Reasons title={t('why.missing')} phrases={why.missing} tone="missing" />
            <Reasons title={t('why.because')} phrases={why.why} tone="met" />
          </div>
        )}
      </Loaded>
      <div className={style.line}>
        <button type="button" className="link small" onClick={onOther}>
          {t('why.other')}
        </button>
        <Link className="link small" to="/customers/$customerId" params={{ customerId: person.customer_id }}>
          {t('why.card')}
        </Link>
      </div>
    </>
  );
}

function Reasons({ title, phrases, tone }: { title: string; phrases: Phrase[]; tone: 'met' | 'missing' }) {
  if (phrases.length === 0) return null;
  const keys = keysOf(phrases.map((phrase) => phrase.code + JSON.stringify(phrase.params)));
  return (
    <div className={style.reasons} data-tone={tone}>
      <h3>{title}</h3>
      <ul>
        {phrases.map((phrase, index) => (
          <li key={keys[index]}>
            <PhraseText phrase={phrase} />
          </li>
        ))}
      </ul>
    </div>
  );
}
