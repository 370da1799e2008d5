/** Undo and redo of the editor: what was, what is, what was taken back. */
export type Past<T> = { before: T[]; now: T; after: T[] };

/** Older steps than this are forgotten. */
export const STEPS_MAX = 100;

export const begin = <T>(now: T): Past<T> => ({ before: [], now, after: [] });

/** A new step. Typing within one field is one step: the same `run` replaces instead of adding. */
export function step<T>(past: Past<T>, now: T, isSameRun: boolean): Past<T> {
  if (isSameRun) return { ...past, now, after: [] };
  return { before: [...past.before, past.now].slice(-STEPS_MAX), now, after: [] };
}

export function undo<T>(past: Past<T>): Past<T> {
  const now = past.before.at(-1);
  if (now === undefined) return past;
  return { before: past.before.slice(0, -1), now, after: [past.now, ...past.after] };
}

export function redo<T>(past: Past<T>): Past<T> {
  const [now, ...after] = past.after;
  if (now === undefined) return past;
  return { before: [...past.before, past.now], now, after };
}
