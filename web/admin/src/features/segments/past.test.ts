/** Undo and redo. */
import { expect, it } from 'vitest';
import { begin, redo, STEPS_MAX, step, undo } from './past';

it('goes back step by step and forth again', () => {
  const past = step(step(begin('a'), 'b', false), 'c', false);
  expect(undo(past).now).toBe('b');
  expect(undo(undo(past)).now).toBe('a');
  expect(undo(undo(undo(past))).now).toBe('a');
  expect(redo(undo(past)).now).toBe('c');
});

it('takes typing in one field back as one step', () => {
  const typed = step(step(step(begin(3), 30, false), 300, true), 3000, true);
  expect(undo(typed).now).toBe(3);
});

it('forgets what was taken back once something new is done', () => {
  const past = step(undo(step(begin('a'), 'b', false)), 'c', false);
  expect(redo(past).now).toBe('c');
});

it('keeps a bounded past', () => {
  let past = begin(0);
  for (let n = 1; n <= STEPS_MAX + 50; n += 1) past = step(past, n, false);
  expect(past.before).toHaveLength(STEPS_MAX);
});
