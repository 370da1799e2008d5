/** A message with a way back: what was done, and one word that undoes it. */
import { notifications } from '@mantine/notifications';
import { tellProblem } from '../../ui/tell';

export function tellUndo(message: string, undoLabel: string, undo: () => Promise<void>): void {
  const id = notifications.show({
    color: 'green',
    withBorder: true,
    autoClose: 10_000,
    message: (
      <span>
        {message}{' '}
        <button
          type="button"
          className="link"
          onClick={() => {
            notifications.hide(id);
            undo().catch(tellProblem);
          }}
        >
          {undoLabel}
        </button>
      </span>
    ),
  });
}
