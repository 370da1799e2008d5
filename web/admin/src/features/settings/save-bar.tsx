/** Save, and whether there is anything to save. */
import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import style from './settings.module.css';

type Props = { isChanged: boolean; isBusy: boolean; onSave: () => void; onUndo: () => void };

export function SaveBar({ isChanged, isBusy, onSave, onUndo }: Props) {
  const { t } = useTranslation('settings');
  return (
    <div className={style.saveBar}>
      <Button
        variant="filled"
        loading={isBusy}
        aria-disabled={!isChanged}
        data-disabled={!isChanged || undefined}
        onClick={() => isChanged && onSave()}
      >
        {t('save')}
      </Button>
      {isChanged ? (
        <Button variant="subtle" onClick={onUndo}>
          {t('undo_changes')}
        </Button>
      ) : null}
      <span className="muted small" role="status">
        {t(isChanged ? 'unsaved' : 'saved_state')}
      </span>
    </div>
  );
}
