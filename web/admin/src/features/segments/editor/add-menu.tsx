/** Adds a condition to a group, by the words in which a marketer would ask. */
import { Button, Menu } from '@mantine/core';
import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import { type ConditionChoice, newCondition } from '../conditions';
import { append, type Path } from '../tree';
import style from './editor.module.css';
import { useEdits } from './edits';
import { PlusIcon } from './icons';

const SECTIONS: readonly { key: string; choices: readonly ConditionChoice[] }[] = [
  { key: 'buying', choices: ['orders', 'recency', 'sales', 'product', 'rfm'] },
  { key: 'response', choices: ['opened', 'clicked', 'page', 'reachable'] },
  { key: 'person', choices: ['sex', 'age', 'prefecture', 'birth_month', 'has_company', 'is_member_only'] },
];

export function AddMenu({ path, isInner, hasGroups }: { path: Path; isInner: boolean; hasGroups: boolean }) {
  const { t } = useTranslation('segments');
  const { root, change } = useEdits();
  const addGroup = () =>
    change(append(root, path, { kind: 'or', of: [newCondition('recency'), newCondition('sales')] }));
  return (
    <div className={style.adds}>
      <Menu withInitialFocusPlaceholder={false} position="bottom-start" withinPortal>
        <Menu.Target>
          <Button size="xs" leftSection={<PlusIcon />}>
            {t(isInner ? 'add.condition_inner' : 'add.condition')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown mah={360} style={{ overflowY: 'auto' }}>
          {SECTIONS.map((section) => (
            <Fragment key={section.key}>
              <Menu.Label>{t(`add.section.${section.key}`)}</Menu.Label>
              {section.choices.map((choice) => (
                <Menu.Item key={choice} onClick={() => change(append(root, path, newCondition(choice)))}>
                  {t(`add.${choice}`)}
                </Menu.Item>
              ))}
            </Fragment>
          ))}
        </Menu.Dropdown>
      </Menu>
      {isInner || hasGroups ? null : (
        <Button size="xs" variant="subtle" onClick={addGroup}>
          {t('add.group')}
        </Button>
      )}
    </div>
  );
}
