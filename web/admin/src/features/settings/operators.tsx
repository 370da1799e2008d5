/** The team: who may sign in, and what each role may do. */
import { Button, NativeSelect, PasswordInput, Select, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { $api, client } from '../../api/client';
import { useMe } from '../../api/queries';
import type { Operator, Role } from '../../api/types';
import { Card, SectionTitle } from '../../ui/card';
import { Loaded } from '../../ui/loading';
import { PageHead } from '../../ui/page-head';
import { ProblemNotice } from '../../ui/problem-notice';
import { tell, tellProblem } from '../../ui/tell';
import { RoleTable } from './role-table';
import { ROLES } from './roles';
import style from './settings.module.css';

const listKey = $api.queryOptions('get', '/api/operators', {}).queryKey;
const PASSWORD_MIN = 10;

export function OperatorsPage() {
  const { t } = useTranslation('settings');
  const operators = $api.useQuery('get', '/api/operators', {});
  return (
    <>
      <PageHead title={t('team.title')} meta={t('team.lead')} />
      <div className={style.page}>
        <Card>
          <SectionTitle title={t('team.list')} />
          <Loaded query={operators} height={120}>
            {({ items }) => (
              <ul>
                {items.map((operator) => (
                  <Row key={operator.operator_id} operator={operator} />
                ))}
              </ul>
            )}
          </Loaded>
        </Card>
        <NewOperator />
        <RoleTable />
      </div>
    </>
  );
}

function Row({ operator }: { operator: Operator }) {
  const { t } = useTranslation('settings');
  const me = useMe();
  const queries = useQueryClient();
  const isMe = operator.operator_id === me.operator_id;
  const change = useMutation({
    mutationFn: (role: Role) =>
      client.PUT('/api/operators/{id}', {
        params: { path: { id: operator.operator_id } },
        body: { name: operator.name, role },
      }),
    onSuccess: () => {
      tell(t('saved'));
      return queries.invalidateQueries({ queryKey: listKey });
    },
    onError: tellProblem,
  });
  return (
    <li className={`${style.row} ${style.rowTwo}`}>
      <span className={style.rowMain}>
        <b>
          {operator.name} {isMe ? <span className="tag">{t('team.you')}</span> : null}
        </b>
        <small>{operator.email}</small>
      </span>
      {isMe ? (
        <span className="muted small">
          {t(`role.${operator.role}`)}
          <br />
          {t('team.not_yourself')}
        </span>
      ) : (
        <NativeSelect
          size="xs"
          aria-label={t('team.role_of', { name: operator.name })}
          value={change.isPending ? change.variables : operator.role}
          disabled={change.isPending}
          data={ROLES.map((role) => ({ value: role, label: t(`role.${role}`) }))}
          onChange={(event) => change.mutate(event.currentTarget.value as Role)}
        />
      )}
    </li>
  );
}

const EMPTY = { name: '', email: '', role: 'viewer' as Role, password: '' };

function NewOperator() {
  const { t } = useTranslation('settings');
  const queries = useQueryClient();
  const [draft, setDraft] = useState(EMPTY);
  const add = useMutation({
    mutationFn: async (body: typeof EMPTY) => (await client.POST('/api/operators', { body })).data,
    onSuccess: (_, { name }) => {
      void queries.invalidateQueries({ queryKey: listKey });
      tell(t('team.added', { name }));
      setDraft(EMPTY);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!add.isPending) add.mutate(draft);
  };
  return (
    <Card>
      <SectionTitle title={t('team.new')} />
      <form className={style.stack} onSubmit={submit}>
        <div className={style.pair}>
          <TextInput
            label={t('team.name')}
            required
            withAsterisk={false}
            autoComplete="off"
            value={draft.name}
            onChange={(event) => setDraft({ ...draft, name: event.currentTarget.value })}
          />
          <TextInput
            label={t('team.email')}
            type="email"
            required
            withAsterisk={false}
            autoComplete="off"
            value={draft.email}
            onChange={(event) => setDraft({ ...draft, email: event.currentTarget.value })}
          />
        </div>
        <div className={style.pair}>
          <Select
            label={t('team.role')}
            allowDeselect={false}
            value={draft.role}
            data={ROLES.map((role) => ({ value: role, label: t(`role.${role}`) }))}
            onChange={(role) => role && setDraft({ ...draft, role: role as Role })}
          />
          <PasswordInput
            label={t('team.password')}
            description={t('team.password_note', { min: PASSWORD_MIN })}
            required
            withAsterisk={false}
            minLength={PASSWORD_MIN}
            autoComplete="new-password"
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            visibilityToggleButtonProps={{ 'aria-label': t('smtp.show_password') }}
            value={draft.password}
            onChange={(event) => setDraft({ ...draft, password: event.currentTarget.value })}
          />
        </div>
        {add.error ? <ProblemNotice error={add.error} /> : null}
        <div>
          <Button type="submit" variant="filled" loading={add.isPending}>
            {t('team.add')}
          </Button>
        </div>
      </form>
    </Card>
  );
}
