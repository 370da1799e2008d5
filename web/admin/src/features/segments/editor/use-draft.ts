/** The draft of a segment with its past: every edit can be undone (Ctrl/⌘ Z) and done again (Shift, or Ctrl Y). */
import { useCallback, useEffect, useRef, useState } from 'react';
import { begin, type Past, redo, step, undo } from '../past';
import type { Group } from '../tree';

export type Draft = {
  root: Group;
  change: (next: Group, run?: string) => void;
  undo: () => void;
  redo: () => void;
  canUndo: boolean;
  canRedo: boolean;
};

export function useDraft(first: Group): Draft {
  const [past, setPast] = useState<Past<Group>>(() => begin(first));
  const lastRun = useRef<string | null>(null);
  const change = useCallback((next: Group, run?: string) => {
    const isSameRun = run !== undefined && lastRun.current === run;
    lastRun.current = run ?? null;
    setPast((old) => step(old, next, isSameRun));
  }, []);
  const back = useCallback(() => {
    lastRun.current = null;
    setPast(undo);
  }, []);
  const forth = useCallback(() => {
    lastRun.current = null;
    setPast(redo);
  }, []);
  useUndoKeys(back, forth);
  return {
    root: past.now,
    change,
    undo: back,
    redo: forth,
    canUndo: past.before.length > 0,
    canRedo: past.after.length > 0,
  };
}

/** In a field for free text the browser's own undo stays. */
function isFreeText(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLTextAreaElement ||
    (target instanceof HTMLInputElement && target.dataset.freeText === 'true')
  );
}

function useUndoKeys(back: () => void, forth: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || isFreeText(event.target)) return;
      const key = event.key.toLowerCase();
      if (key !== 'z' && key !== 'y') return;
      event.preventDefault();
      if (key === 'y' || event.shiftKey) forth();
      else back();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [back, forth]);
}
