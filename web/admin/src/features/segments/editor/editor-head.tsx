/** The head of the builder: the name, undo and redo, and the one thing to press: save. */
import { ActionIcon, Button, TextInput, Tooltip } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { asProblem } from '../../../api/problem';
import { useCan } from '../../../api/queries';
import type { Segment } from '../../../api/types';
import { PageHead } from '../../../ui/page-head';
import { ProblemNotice } from '../../../ui/problem-notice';
import style from './editor.module.css';
import { RedoIcon, UndoIcon } from './icons';
import type { Draft } from './use-draft';
import { useSave } from './use-save';

type Props = {
  segment: Segment | null;
  onSaved: (segment: Segment) => void;
  draft: Draft;
  name: string;
  suggestedName: string;
  onName: (name: string) => void;
  isSaved: boolean;
  problemCount: number;
  isEmpty: boolean;
};

export function EditorHead(props: Props) {
  const { t } = useTranslation('segments');
  const { segment, onSaved, draft, name, suggestedName, onName, isSaved, problemCount, isEmpty } = props;
  const navigate = useNavigate();
  const save = useSave(segment, onSaved);
  const blocked = useBlocked(name, problemCount, isEmpty, isSaved);
  const isConflict = save.error ? asProblem(save.error).status === 409 : false;
  return (
    <>
      <PageHead
        title={name || t('new_title')}
        crumbs={[{ label: t('title'), to: '/segments' }]}
        meta={t(isSaved ? 'save.clean' : 'save.unsaved')}
      >
        <UndoButtons draft={draft} />
        {segment && isSaved ? (
          <Button
            onClick={() =>
              void navigate({ to: '/campaigns/new', search: { segment: segment.segment_id, name } })
            }
          >
            {t('save.campaign')}
          </Button>
        ) : null}
        <Tooltip label={blocked} disabled={blocked === null}>
          <Button
            variant="filled"
            data-disabled={blocked !== null || undefined}
            aria-disabled={blocked !== null}
            loading={save.isPending}
            onClick={() => blocked === null && save.mutate({ name: name.trim(), tree: draft.root })}
          >
            {t(segment ? 'save.update' : 'save.create')}
          </Button>
        </Tooltip>
      </PageHead>
      <TextInput
        className={style.name}
        size="md"
        data-free-text="true"
        label={t('name_label')}
        placeholder={suggestedName.slice(0, 60) || t('new_name')}
        value={name}
        maxLength={120}
        onChange={(event) => onName(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Tab' && name === '' && suggestedName !== '') onName(suggestedName.slice(0, 60));
        }}
      />
      {isConflict ? (
        <p className={style.conflict} role="alert">
          {t('save.conflict')}{' '}
          <Link to="." reloadDocument className="link">
            {t('save.reload')}
          </Link>
        </p>
      ) : null}
      {save.error && !isConflict ? <ProblemNotice error={save.error} /> : null}
    </>
  );
}

/** Why saving is not possible now, or null. */
function useBlocked(name: string, problems: number, isEmpty: boolean, isSaved: boolean): string | null {
  const { t } = useTranslation('segments');
  const can = useCan();
  if (!can('segments.write')) return t('save.no_permission');
  if (isEmpty) return t('empty_group');
  if (problems > 0) return t('save.problems', { count: problems });
  if (name.trim() === '') return t('name_missing');
  return isSaved ? t('save.clean') : null;
}

function UndoButtons({ draft }: { draft: Draft }) {
  const { t } = useTranslation('segments');
  const undo = t(draft.canUndo ? 'save.undo' : 'save.nothing_to_undo');
  const redo = t(draft.canRedo ? 'save.redo' : 'save.nothing_to_redo');
  return (
    <>
      <Tooltip label={`${undo} (Ctrl Z)`}>
        <ActionIcon
          className={style.history}
          variant="subtle"
          color="gray"
          size={34}
          aria-label={undo}
          aria-disabled={!draft.canUndo}
          data-disabled={!draft.canUndo || undefined}
          onClick={draft.undo}
        >
          <UndoIcon />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={`${redo} (Ctrl Shift Z)`}>
        <ActionIcon
          className={style.history}
          variant="subtle"
          color="gray"
          size={34}
          aria-label={redo}
          aria-disabled={!draft.canRedo}
          data-disabled={!draft.canRedo || undefined}
          onClick={draft.redo}
        >
          <RedoIcon />
        </ActionIcon>
      </Tooltip>
    </>
  );
}
