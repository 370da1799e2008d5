/** One prefecture or several, picked from the 47. */
import { Checkbox, Popover, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { PREFECTURES, prefectureName } from '../prefectures';
import type { Condition } from '../tree';
import style from './editor.module.css';
import type { Change } from './event-conditions';

type Fact = Extract<Condition, { kind: 'fact' }>;

export function PrefectureToken({ node, onChange }: { node: Fact; onChange: Change<Condition> }) {
  const { t, i18n } = useTranslation('segments');
  const [search, setSearch] = useState('');
  const chosen = (Array.isArray(node.value) ? node.value : [node.value]).map(Number);
  const said = chosen.map((one) => prefectureName(one, i18n.language)).join(t('list_mark'));
  const found = PREFECTURES.map(([ja, en], index) => ({ ja, en, code: index + 1 })).filter(
    ({ ja, en }) => ja.includes(search) || en.toLowerCase().includes(search.toLowerCase()),
  );
  const toggle = (code: number) =>
    onChange({
      ...node,
      is: 'in',
      value: chosen.includes(code) ? chosen.filter((one) => one !== code) : [...chosen, code],
    });
  return (
    <Popover position="bottom-start" trapFocus>
      <Popover.Target>
        <button type="button" className={style.picker}>
          {said || t('field.choose_prefecture')}
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        <TextInput
          size="xs"
          aria-label={t('field.find_prefecture')}
          placeholder={t('field.find_prefecture')}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
        <fieldset className={style.checks}>
          <legend className={style.hidden}>{t('field.prefecture')}</legend>
          {found.map(({ code }) => (
            <Checkbox
              key={code}
              size="xs"
              label={prefectureName(code, i18n.language)}
              checked={chosen.includes(code)}
              onChange={() => toggle(code)}
            />
          ))}
        </fieldset>
      </Popover.Dropdown>
    </Popover>
  );
}
