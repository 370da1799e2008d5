/** Short messages at the edge of the screen: what was done, or why it was not. */
import { notifications } from '@mantine/notifications';
import i18next from 'i18next';
import { asProblem } from '../api/problem';

export function tell(message: string): void {
  notifications.show({ message, color: 'green', withBorder: true });
}

/** Whether the reader's own language says it whole, so that the server's English adds nothing. */
export function isSaidHere(error: unknown): boolean {
  return i18next.exists(`ui:problem.${asProblem(error).code}`);
}

export function problemTitle(error: unknown): string {
  const problem = asProblem(error);
  if (isSaidHere(error)) return i18next.t(`ui:problem.${problem.code}`);
  return problem.detail || problem.title || i18next.t('ui:problem.unexpected');
}

export function tellProblem(error: unknown): void {
  const { hint } = asProblem(error);
  notifications.show({
    title: problemTitle(error),
    message: isSaidHere(error) ? '' : (hint ?? ''),
    color: 'orange',
    withBorder: true,
    autoClose: 8000,
  });
}
