/** Opens and closes the command palette from anywhere. */
import { createSpotlight } from '@mantine/spotlight';

export const [paletteStore, palette] = createSpotlight();

/** Marks the first entry, so that Enter opens it: what was found arrives later than the letters. */
export function choosePaletteFirst(): void {
  const { listId } = paletteStore.getState();
  const entries = document.getElementById(listId)?.querySelectorAll('[data-action]') ?? [];
  for (const entry of entries) entry.removeAttribute('data-selected');
  entries[0]?.setAttribute('data-selected', 'true');
  paletteStore.updateState((state) => ({ ...state, selected: entries.length > 0 ? 0 : -1 }));
}
