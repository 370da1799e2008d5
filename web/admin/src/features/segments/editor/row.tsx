/** One row of a group: a condition as a sentence or a group of its own, with what can be done to it. */
import { useTranslation } from 'react-i18next';
import type { SegmentTree } from '../../../api/types';
import { isGroup, isNot, type Path, replaceIn } from '../tree';
import { ConditionFields } from './condition-fields';
import style from './editor.module.css';
import { useEdits } from './edits';
import { GroupView } from './group-view';
import { RowMenu } from './row-menu';

type Props = { node: SegmentTree; path: Path; position: number; neighbours: number };

const samePath = (left: Path, right: Path): boolean => left.join() === right.join();

export function Row({ node, path, position, neighbours }: Props) {
  const { t } = useTranslation('segments');
  const { problems } = useEdits();
  const inner = isNot(node) ? node.of : node;
  const innerPath = isNot(node) ? [...path, 0] : path;
  const problem = problems.find((found) => samePath(found.path, innerPath));
  return (
    <li className={style.row} data-bad={problem !== undefined}>
      <div className={style.body}>
        <NotWord word={isNot(node) ? t(isGroup(inner) ? 'not.group' : 'not.before') : ''} />
        <Inner node={inner} path={innerPath} isBad={problem !== undefined} />
        <NotWord word={isNot(node) && !isGroup(inner) ? t('not.after') : ''} />
        {problem ? (
          <p className={style.problem} role="alert">
            {t(`problem.${problem.code}`)}
          </p>
        ) : null}
      </div>
      <RowMenu
        path={path}
        isNegated={isNot(node)}
        isGroup={isGroup(inner)}
        isFirst={position === 0}
        isLast={position === neighbours - 1}
      />
    </li>
  );
}

function Inner({ node, path, isBad }: { node: SegmentTree; path: Path; isBad: boolean }) {
  const { root, change } = useEdits();
  if (isGroup(node)) return <GroupView group={node} path={path} isInner />;
  if (isNot(node)) return <Inner node={node.of} path={[...path, 0]} isBad={isBad} />;
  return (
    <ConditionFields
      node={node}
      isBad={isBad}
      onChange={(next, run) =>
        change(replaceIn(root, path, next), run === undefined ? undefined : `${path.join()} ${run}`)
      }
    />
  );
}

/** "not" stands before the sentence or after it, as the language has it. */
function NotWord({ word }: { word: string }) {
  return word === '' ? null : <span className={style.negated}>{word}</span>;
}
