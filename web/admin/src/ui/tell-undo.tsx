/** A message with a way back: what was done, and one word that undoes it. */
import { notifications } from '@mantine/notifications';
import { tellProblem } from './tell';

export function tellUndo(message: string, undoLabel: string, undo: () => Promise<void>): void {
  // The message fades away slowly enough to be pressed twice.
  let isUsed = false;
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
            if (isUsed) return;
            isUsed = true;
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
