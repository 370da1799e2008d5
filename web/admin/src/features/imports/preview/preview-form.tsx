/** Before anything changes: how the file was read, what each column means, what will happen. */
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { $api, client } from '../../../api/client';
import type { ImportPreview } from '../../../api/types';
import { LeaveGuard } from '../../../ui/leave-guard';
import { Loaded } from '../../../ui/loading';
import style from '../imports.module.css';
import { type Choices, detectedMapping } from './choices';
import { Columns } from './columns';
import { Consent } from './consent';
import { Expected } from './expected';
import { FileFacts } from './file-facts';
import { FirstRows } from './first-rows';
import { Notices } from './notices';
import { Options } from './options';
import { StartCard } from './start-card';

type Props = { importId: string; onStarted: () => Promise<void> };

export function PreviewForm({ importId, onStarted }: Props) {
  const first = $api.useQuery('get', '/api/imports/{id}/preview', { params: { path: { id: importId } } });
  return (
    <Loaded query={first} height={420}>
      {(data) => <Form first={data} onStarted={onStarted} />}
    </Loaded>
  );
}

function Form({ first, onStarted }: { first: ImportPreview; onStarted: () => Promise<void> }) {
  const [initial] = useState<Choices>(() => ({ mapping: detectedMapping(first), options: first.options }));
  const [choices, setChoices] = useState(initial);
  const preview = usePreview(first, choices, initial);
  const shown = preview.data ?? first;
  const change = (changed: Partial<Choices>) => setChoices((old) => ({ ...old, ...changed }));
  return (
    <div className={style.layout}>
      <LeaveGuard isUnsaved={choices !== initial} />
      <div className={style.column}>
        <FileFacts preview={shown} />
        <Columns preview={shown} mapping={choices.mapping} onChange={(mapping) => change({ mapping })} />
        <FirstRows preview={shown} isBehind={preview.isFetching} />
      </div>
      <aside className={style.column}>
        <Expected preview={shown} isBehind={preview.isFetching} />
        <Options preview={shown} options={choices.options} onChange={(options) => change({ options })} />
        <Consent
          mapping={choices.mapping}
          options={choices.options}
          onChange={(options) => change({ options })}
        />
        <Notices preview={shown} />
        <StartCard preview={shown} choices={choices} error={preview.error} onStarted={onStarted} />
      </aside>
    </div>
  );
}

/** Asks again how the rows will become when a column or an option was changed. */
function usePreview(first: ImportPreview, choices: Choices, initial: Choices) {
  const [asked] = useDebouncedValue(choices, 350);
  return useQuery({
    queryKey: ['import-preview', first.import_id, asked],
    enabled: asked !== initial,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const { data } = await client.POST('/api/imports/{id}/preview', {
        params: { path: { id: first.import_id } },
        body: asked,
        signal,
      });
      if (!data) throw new Error('no answer');
      return data;
    },
  });
}
