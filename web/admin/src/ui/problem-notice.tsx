/** Why something cannot be shown or done: what happened, and the next step. */
import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { asProblem } from '../api/problem';
import classes from './problem-notice.module.css';
import { isSaidHere, problemTitle } from './tell';

type Props = { error: unknown; onRetry?: () => void };

export function ProblemNotice({ error, onRetry }: Props) {
  const { t } = useTranslation('ui');
  const problem = asProblem(error);
  const title = problemTitle(error);
  const isWhole = isSaidHere(error);
  return (
    <div className={classes.notice} role="alert">
      <p className={classes.title}>{title}</p>
      {!isWhole && problem.detail && problem.detail !== title && <p>{problem.detail}</p>}
      {!isWhole && problem.hint && <p className="muted">{problem.hint}</p>}
      {onRetry && (
        <Button size="xs" onClick={onRetry} mt={8}>
          {t('retry')}
        </Button>
      )}
    </div>
  );
}
