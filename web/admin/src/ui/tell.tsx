/** Short messages at the edge of the screen: what was done, or why it was not. */
import { notifications } from '@mantine/notifications';
import i18next from 'i18next';
import { asProblem } from '../api/problem';

export function tell(message: string): void {
  notifications.show({ message, color: 'green', withBorder: true });
}

export function problemTitle(error: unknown): string {
  const problem = asProblem(error);
  const known = `ui:problem.${problem.code}`;
  if (i18next.exists(known)) return i18next.t(known);
  return problem.detail || problem.title || i18next.t('ui:problem.unexpected');
}

export function tellProblem(error: unknown): void {
  const { hint } = asProblem(error);
  notifications.show({
    title: problemTitle(error),
    message: hint ?? '',
    color: 'orange',
    withBorder: true,
    autoClose: 8000,
  });
}
