/** The builder of a segment: the sentences on the left, the people they mean on the right. */
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '../../../api/queries';
import type { Segment, SegmentTree } from '../../../api/types';
import { Card, SectionTitle } from '../../../ui/card';
import { LeaveGuard } from '../../../ui/leave-guard';
import { type Found, findProblems } from '../conditions';
import { treeText } from '../describe';
import { asRoot, sameTree } from '../tree';
import { useSpeaker } from '../use-speaker';
import style from './editor.module.css';
import { EditorHead } from './editor-head';
import { EditsContext } from './edits';
import { GroupView } from './group-view';
import { PeopleNow } from './people-now';
import { problemPath } from './problem-path';
import { TextForm } from './text-form';
import { useDraft } from './use-draft';
import { usePreview } from './use-preview';
import { WhyNot } from './why-not';

type Props = { segment: Segment | null; firstTree: SegmentTree | null; firstName: string };

export function SegmentEditor({ segment: opened, firstTree, firstName }: Props) {
  const { t } = useTranslation('segments');
  // What the draft was made from: saving over a version that was never shown here would undo somebody's work.
  const [segment, setSegment] = useState(opened);
  const [first] = useState(() => asRoot(opened?.tree ?? firstTree ?? { kind: 'and', of: [] }));
  const [name, setName] = useState(opened?.name ?? firstName);
  const draft = useDraft(first);
  const can = useCan();
  const isEmpty = draft.root.of.length === 0;
  const found = useMemo(() => (isEmpty ? [] : findProblems(draft.root)), [draft.root, isEmpty]);
  const isReady = !isEmpty && found.length === 0;
  const preview = usePreview(draft.root, isReady);
  const problems = withServerProblem(found, preview.isBehind ? null : preview.error, draft.root);
  const said = useSaid(draft.root, isEmpty);
  const isSaved = segment !== null && segment.name === name && sameTree(asRoot(segment.tree), draft.root);
  const isUntouched = segment === null && name === firstName && sameTree(first, draft.root);
  return (
    <EditsContext.Provider value={{ root: draft.root, problems, change: draft.change }}>
      <LeaveGuard isUnsaved={can('segments.write') && !isSaved && !isUntouched} />
      <EditorHead
        segment={segment}
        onSaved={setSegment}
        draft={draft}
        name={name}
        suggestedName={said}
        onName={setName}
        isSaved={isSaved}
        problemCount={problems.length}
        isEmpty={isEmpty}
      />
      <div className={style.layout}>
        <div className={style.column}>
          <Card className={style.builder}>
            <SectionTitle title={t('builder')} />
            <fieldset disabled={!can('segments.write')} className={style.fields}>
              <GroupView group={draft.root} path={[]} />
            </fieldset>
          </Card>
          {isEmpty ? null : <p className={style.said}>{said}</p>}
          <TextForm text={preview.data?.text ?? ''} onApply={draft.change} />
        </div>
        <aside className={style.aside}>
          <div className={style.now}>
            <PeopleNow
              tree={draft.root}
              isEmpty={isEmpty}
              isReady={isReady}
              preview={preview.data}
              isBehind={preview.isBehind}
              error={isReady ? preview.error : null}
            />
          </div>
          <WhyNot tree={draft.root} isReady={isReady} />
        </aside>
      </div>
    </EditsContext.Provider>
  );
}

/** The server may refuse a condition that looks whole here; the refusal is shown on its row. */
function withServerProblem(found: readonly Found[], error: unknown, tree: SegmentTree): readonly Found[] {
  const path = error ? problemPath(error, tree) : null;
  return path ? [...found, { path, code: 'refused' }] : found;
}

function useSaid(tree: SegmentTree, isEmpty: boolean): string {
  const speaker = useSpeaker(tree);
  return isEmpty ? '' : treeText(tree, speaker);
}
