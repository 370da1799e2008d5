/** What a row may ask of the editor; `run` names a stretch of typing that is undone in one step. */
import { createContext, useContext } from 'react';
import type { Found } from '../conditions';
import type { Group } from '../tree';

export type Edits = {
  root: Group;
  problems: readonly Found[];
  change: (next: Group, run?: string) => void;
};

export const EditsContext = createContext<Edits | null>(null);

export function useEdits(): Edits {
  const edits = useContext(EditsContext);
  if (!edits) throw new Error('a row of the editor stands outside of the editor');
  return edits;
}
