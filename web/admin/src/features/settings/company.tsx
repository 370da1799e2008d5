/** The company: its name, and the address that every link in a mail begins with. */
import { TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { $api, client } from '../../api/client';
import { meQuery } from '../../api/queries';
import type { Installation } from '../../api/types';
import { Card, SectionTitle } from '../../ui/card';
import { Loaded } from '../../ui/loading';
import { ProblemNotice } from '../../ui/problem-notice';
import { tell } from '../../ui/tell';
import { SaveBar } from './save-bar';
import style from './settings.module.css';

const options = $api.queryOptions('get', '/api/installation');

export function Company() {
  const installation = $api.useQuery('get', '/api/installation');
  return (
    <Loaded query={installation} height={220}>
      {(data) => <Form key={JSON.stringify(data)} saved={data} />}
    </Loaded>
  );
}

function useSave() {
  const { t } = useTranslation('settings');
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ company, public_url }: Installation) =>
      (await client.PUT('/api/installation', { body: { company, public_url } })).data,
    onSuccess: (data) => {
      if (data) queries.setQueryData(options.queryKey, data);
      void queries.invalidateQueries({ queryKey: meQuery.queryKey });
      tell(t('saved'));
    },
  });
}

function Form({ saved }: { saved: Installation }) {
  const { t } = useTranslation('settings');
  const [draft, setDraft] = useState(saved);
  const save = useSave();
  return (
    <Card>
      <SectionTitle title={t('company.title')} note={t('company.note')} />
      <div className={style.stack}>
        <div className={style.pair}>
          <TextInput
            label={t('company.name')}
            value={draft.company}
            onChange={(event) => setDraft({ ...draft, company: event.currentTarget.value })}
          />
          <TextInput
            label={t('company.public_url')}
            description={t('company.public_url_note')}
            type="url"
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            value={draft.public_url}
            onChange={(event) => setDraft({ ...draft, public_url: event.currentTarget.value })}
          />
        </div>
        <p className="muted small">{t('company.fixed', { zone: saved.zone, currency: saved.currency })}</p>
        {save.error ? <ProblemNotice error={save.error} /> : null}
        <SaveBar
          isChanged={draft.company !== saved.company || draft.public_url !== saved.public_url}
          isBusy={save.isPending}
          onSave={() => save.mutate(draft)}
          onUndo={() => setDraft(saved)}
        />
      </div>
    </Card>
  );
}
