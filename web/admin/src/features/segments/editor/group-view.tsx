/** A group of rows under one joining word: all of them, or any of them. */
import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import { type Group, isGroup, type Path, setJoint } from '../tree';
import { AddMenu } from './add-menu';
import style from './editor.module.css';
import { useEdits } from './edits';
import { Row } from './row';
import { Sentence } from './sentence-fields';
import { ChoiceToken } from './tokens';

type Props = { group: Group; path: Path; isInner?: boolean };

export function GroupView({ group, path, isInner = false }: Props) {
  const { t } = useTranslation('segments');
  const { root, change } = useEdits();
  const joint = (
    <ChoiceToken
      label={t('field.joint')}
      value={group.kind}
      choices={(['and', 'or'] as const).map((kind) => ({ value: kind, text: t(`joint_choice.${kind}`) }))}
      onChange={(kind) => change(setJoint(root, path, kind))}
    />
  );
  return (
    <section className={isInner ? style.inner : style.group} aria-label={t(`joint_choice.${group.kind}`)}>
      <div className={style.lead}>
        <Sentence template={t(isInner ? 'lead_inner' : 'lead')} slots={{ joint }} />
      </div>
      {group.of.length === 0 ? <p className={style.empty}>{t('empty_group')}</p> : null}
      <ul>
        {group.of.map((node, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity of their own but their place
          <Fragment key={index}>
            {index > 0 ? (
              <li className={style.joint} aria-hidden="true">
                {t(`joint_word.${group.kind}`)}
              </li>
            ) : null}
            <Row node={node} path={[...path, index]} position={index} neighbours={group.of.length} />
          </Fragment>
        ))}
      </ul>
      <AddMenu path={path} isInner={isInner} hasGroups={group.of.some(isGroup)} />
    </section>
  );
}
