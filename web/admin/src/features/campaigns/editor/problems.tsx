/** What stands in the way of sending, one line each with its next step. */
import { useTranslation } from 'react-i18next';
import type { Problem } from '../../../api/types';
import { Card, SectionTitle } from '../../../ui/card';
import { keysOf } from '../../../ui/keys';
import { problemTitle } from '../../../ui/tell';
import style from './editor.module.css';

export function Problems({ problems }: { problems: Problem[] }) {
  const { t } = useTranslation('campaigns');
  if (problems.length === 0) return null;
  const keys = keysOf(problems.map((problem) => `${problem.code} ${problem.detail}`));
  return (
    <Card>
      <SectionTitle title={t('problems.title', { count: problems.length })} />
      <ul className={style.problems}>
        {problems.map((problem, index) => (
          <Line key={keys[index]} problem={problem} />
        ))}
      </ul>
    </Card>
  );
}

/** The screen's own words for a known code; the server's sentence for the rest. */
function Line({ problem }: { problem: Problem }) {
  const { t, i18n } = useTranslation('campaigns');
  const key = `problem.${problem.code}`;
  return (
    <li>
      <b>{i18n.exists(key, { ns: 'campaigns' }) ? t(key) : problemTitle(problem)}</b>
      {problem.hint ? <span className="muted">{problem.hint}</span> : null}
    </li>
  );
}
