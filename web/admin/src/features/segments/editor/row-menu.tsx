/** What can be done to a row: copy, remove, and behind the three dots the rarer ones. */
import { ActionIcon, Menu } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { duplicate, move, type Path, remove, toggleNot, unwrap, wrap } from '../tree';
import style from './editor.module.css';
import { useEdits } from './edits';
import { CopyIcon, DotsIcon, RemoveIcon } from './icons';

type Props = { path: Path; isNegated: boolean; isGroup: boolean; isFirst: boolean; isLast: boolean };

export function RowMenu({ path, isNegated, isGroup, isFirst, isLast }: Props) {
  const { t } = useTranslation('segments');
  const { root, change } = useEdits();
  return (
    <div className={style.tools}>
      <ActionIcon
        className={style.quick}
        variant="subtle"
        color="gray"
        aria-label={t('row.duplicate')}
        title={t('row.duplicate')}
        onClick={() => change(duplicate(root, path))}
      >
        <CopyIcon />
      </ActionIcon>
      <ActionIcon
        className={style.quick}
        variant="subtle"
        color="gray"
        aria-label={t('row.remove')}
        title={t('row.remove')}
        onClick={() => change(remove(root, path))}
      >
        <RemoveIcon />
      </ActionIcon>
      <Menu withInitialFocusPlaceholder={false} position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={t('row.more')} title={t('row.more')}>
            <DotsIcon />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => change(duplicate(root, path))}>{t('row.duplicate')}</Menu.Item>
          <Menu.Item onClick={() => change(remove(root, path))}>{t('row.remove')}</Menu.Item>
          <Menu.Divider />
          <Menu.Item onClick={() => change(toggleNot(root, path))}>
            {t(isNegated ? 'row.affirm' : 'row.negate')}
          </Menu.Item>
          {isGroup && !isNegated ? (
            <Menu.Item onClick={() => change(unwrap(root, path))}>{t('row.unwrap')}</Menu.Item>
          ) : null}
          {isGroup ? null : <Menu.Item onClick={() => change(wrap(root, path))}>{t('row.wrap')}</Menu.Item>}
          {isFirst ? null : <Menu.Item onClick={() => change(move(root, path, -1))}>{t('row.up')}</Menu.Item>}
          {isLast ? null : <Menu.Item onClick={() => change(move(root, path, 1))}>{t('row.down')}</Menu.Item>}
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}
