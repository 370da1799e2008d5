/** API keys: made here, shown once, taken away here. */
import { Button, CopyButton, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { $api, client } from '../../api/client';
import { useMe } from '../../api/queries';
import type { ApiKey, CreatedKey, KeyScope } from '../../api/types';
import { formatInstant } from '../../format/day';
import { Card, SectionTitle } from '../../ui/card';
import { EmptyState } from '../../ui/empty-state';
import { Loaded } from '../../ui/loading';
import { PageHead } from '../../ui/page-head';
import { ProblemNotice } from '../../ui/problem-notice';
import { tellProblem } from '../../ui/tell';
import { ConfirmOnce } from './confirm-once';
import style from './settings.module.css';

/** What a key may do; there is one thing so far. */
const SCOPES: KeyScope[] = ['events.write'];
const listKey = $api.queryOptions('get', '/api/keys', {}).queryKey;

export function KeysPage() {
  const { t } = useTranslation('settings');
  const keys = $api.useQuery('get', '/api/keys', {});
  const [made, setMade] = useState<CreatedKey | null>(null);
  return (
    <>
      <PageHead
        title={t('keys.title')}
        meta={
          <>
            {t('keys.lead')}{' '}
            <a className="link" href="/api/docs" target="_blank" rel="noreferrer">
              {t('keys.docs')}
            </a>
          </>
        }
      />
      <div className={style.page}>
        {made ? <Secret made={made} onDone={() => setMade(null)} /> : <NewKey onMade={setMade} />}
        <Card>
          <SectionTitle title={t('keys.list')} />
          <Loaded query={keys} height={120}>
            {({ items }) =>
              items.length === 0 ? (
                <EmptyState level={3} title={t('keys.empty')} text={t('keys.empty_text')} />
              ) : (
                <Rows items={items} />
              )
            }
          </Loaded>
        </Card>
      </div>
    </>
  );
}

function NewKey({ onMade }: { onMade: (key: CreatedKey) => void }) {
  const { t } = useTranslation('settings');
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const make = useMutation({
    mutationFn: async () =>
      (await client.POST('/api/keys', { body: { name: name.trim(), scopes: SCOPES } })).data,
    onSuccess: (key) => {
      void queries.invalidateQueries({ queryKey: listKey });
      if (key) onMade(key);
    },
  });
  const blocked = name.trim() === '' ? t('keys.needs_name') : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (blocked === null && !make.isPending) make.mutate();
  };
  return (
    <Card>
      <SectionTitle title={t('keys.new')} />
      <form className={style.stack} onSubmit={submit}>
        <TextInput
          label={t('keys.name')}
          description={t('keys.name_note')}
          maxLength={80}
          maw={420}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <p>
          <span className="muted">{t('keys.scopes')}: </span>
          {SCOPES.map((scope) => t(`scope.${scope.replace('.', '_')}`)).join(t('list_mark'))}
        </p>
        {make.error ? <ProblemNotice error={make.error} /> : null}
        <div className={style.saveBar}>
          <Button
            type="submit"
            variant="filled"
            loading={make.isPending}
            aria-disabled={blocked !== null}
            data-disabled={blocked !== null || undefined}
          >
            {t('keys.make')}
          </Button>
          {blocked ? <span className="muted small">{blocked}</span> : null}
        </div>
      </form>
    </Card>
  );
}

function Secret({ made, onDone }: { made: CreatedKey; onDone: () => void }) {
  const { t } = useTranslation('settings');
  return (
    <Card>
      <SectionTitle title={t('keys.made', { name: made.name })} />
      <p>{t('keys.once')}</p>
      <div className={style.secret}>
        <code>{made.secret}</code>
        <CopyButton value={made.secret}>
          {({ copied, copy }) => (
            <Button variant="filled" size="xs" onClick={copy}>
              {t(copied ? 'keys.copied' : 'keys.copy')}
            </Button>
          )}
        </CopyButton>
      </div>
      <Button onClick={onDone}>{t('keys.kept')}</Button>
    </Card>
  );
}

function Rows({ items }: { items: ApiKey[] }) {
  const { t } = useTranslation('settings');
  const { zone } = useMe();
  const remove = useRemove();
  return (
    <ul>
      {items.map((key) => (
        <li key={key.key_id} className={style.row}>
          <span className={style.rowMain}>
            <b>{key.name}</b>
            <small>
              <code>{key.prefix}…</code>・
              {key.scopes
                .map((scope) => t(`scope.${scope.replace('.', '_')}`, { defaultValue: scope }))
                .join(t('list_mark'))}
            </small>
          </span>
          <span className="muted small">
            {t('keys.made_at', { at: formatInstant(key.created_at, zone) })}
            <br />
            {key.last_used_at
              ? t('keys.used_at', { at: formatInstant(key.last_used_at, zone) })
              : t('keys.never_used')}
          </span>
          <ConfirmOnce
            label={t('keys.remove')}
            text={t('keys.remove_text', { name: key.name })}
            yes={t('keys.remove_now')}
            onYes={() => remove.mutate(key.key_id)}
          />
        </li>
      ))}
    </ul>
  );
}

function useRemove() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => client.DELETE('/api/keys/{id}', { params: { path: { id } } }),
    onSuccess: () => void queries.invalidateQueries({ queryKey: listKey }),
    onError: tellProblem,
  });
}
