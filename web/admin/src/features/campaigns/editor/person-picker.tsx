/** Somebody else to preview the mail as. */
import { Popover, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { $api } from '../../../api/client';
import { useCan } from '../../../api/queries';
import { ProblemNotice } from '../../../ui/problem-notice';
import style from './editor.module.css';

type Props = { onPick: (customerId: string | null) => void; isChosen: boolean };

export function PersonPicker({ onPick, isChosen }: Props) {
  const { t } = useTranslation('campaigns');
  const can = useCan();
  const [isOpen, setOpen] = useState(false);
  const [typed, setTyped] = useState('');
  const [asked] = useDebouncedValue(typed.trim(), 200);
  const found = $api.useQuery(
    'get',
    '/api/customers',
    { params: { query: { search: asked, limit: 6 } } },
    { enabled: isOpen && asked !== '' },
  );
  if (!can('customers.read')) return null;
  const pick = (id: string | null) => {
    onPick(id);
    setOpen(false);
  };
  return (
    <Popover opened={isOpen} onChange={setOpen} position="bottom-end" trapFocus withinPortal>
      <Popover.Target>
        <button type="button" className="link small" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {t('preview.other')}
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        <TextInput
          size="xs"
          aria-label={t('preview.find')}
          placeholder={t('preview.find')}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        {found.error ? <ProblemNotice error={found.error} onRetry={() => void found.refetch()} /> : null}
        <ul className={style.found}>
          {(asked === '' ? [] : (found.data?.items ?? [])).map((person) => (
            <li key={person.customer_id}>
              <button type="button" onClick={() => pick(person.customer_id)}>
                {person.name} <small>{person.kana}</small>
              </button>
            </li>
          ))}
          {isChosen ? (
            <li>
              <button type="button" onClick={() => pick(null)}>
                {t('preview.first')}
              </button>
            </li>
          ) : null}
        </ul>
        {asked !== '' && found.data?.items.length === 0 ? (
          <p className="muted small">{t('preview.nobody')}</p>
        ) : null}
      </Popover.Dropdown>
    </Popover>
  );
}
