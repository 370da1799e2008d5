import { describe, expect, it } from 'vitest';
import type { SegmentTree } from '../api/types';
import { type ConditionParams, conditionText } from './condition';

type Leaf = ConditionParams['condition'];
const say = (condition: Leaf, own: unknown, is_wanted = true) =>
  conditionText({ condition, own, is_wanted }, '2026-11-13');
const away: Leaf = { kind: 'recency', is: 'gte', days: 61 };
const often: Leaf = { kind: 'count', event: 'order', window: { days: 90 }, is: 'between', value: [3, 5] };
const grid: Leaf = { kind: 'rfm', version: 1, r: [30, 60], f: [1, 3], cells: [[2, 1]] };

describe('a condition beside a person', () => {
  it('says from which day it will hold when nothing happens', () => {
    expect(say(away, 52)).toMatchObject({
      key: 'recency_soon',
      params: { days: 9, on: '2026-11-22' },
      keepsOut: true,
    });
  });

  it('says the own figure and whether it is what was asked', () => {
    expect(say(away, 70)).toMatchObject({
      key: 'recency',
      params: { own: 70 },
      holds: true,
      keepsOut: false,
    });
    expect(say(often, 4)).toMatchObject({ key: 'count.order', holds: true, window: { key: 'window.last' } });
    expect(say(often, 6)).toMatchObject({ holds: false, keepsOut: true });
  });

  it('turns round inside of “not”', () => {
    expect(say(often, 4, false)).toMatchObject({ holds: true, keepsOut: true });
    expect(say(often, 6, false)).toMatchObject({ holds: false, keepsOut: false });
  });

  it('finds the cell of the grid', () => {
    expect(say(grid, [70, 3])).toMatchObject({ key: 'rfm_in', keepsOut: false });
    expect(say(grid, [60, 3])).toMatchObject({ key: 'rfm_out', keepsOut: true });
    expect(say(grid, [null, 0])).toMatchObject({ key: 'never_ordered', keepsOut: true });
  });

  it.each<[SegmentTree & Leaf, unknown, string, boolean]>([
    [{ kind: 'reachable', channel: 'email' }, false, 'not_reachable', true],
    [{ kind: 'fact', fact: 'age', is: 'between', value: [30, 49] }, 47, 'fact.age', false],
    [{ kind: 'fact', fact: 'sex', is: 'eq', value: 'female' }, 'male', 'fact.sex.male', true],
    [{ kind: 'fact', fact: 'prefecture', is: 'in', value: [26, 27] }, 26, 'fact.prefecture', false],
    [{ kind: 'fact', fact: 'has_company', is: 'eq', value: true }, true, 'fact.has_company.yes', false],
    [{ kind: 'fact', fact: 'birth_month', is: 'eq', value: 4 }, null, 'fact.unknown.birth_month', true],
  ])('%j with %j is %s', (condition, own, key, keepsOut) => {
    expect(say(condition, own)).toMatchObject({ key, keepsOut });
  });
});
