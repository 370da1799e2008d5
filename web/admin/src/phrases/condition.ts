/** A condition of a segment beside a person's own figure: which sentence it calls for, and what stands in it. */

import type { SegmentTree } from '../api/types';
import { addDays } from '../format/day';
import { reportingMoney } from '../format/money';

type Leaf = Exclude<SegmentTree, { kind: 'and' | 'or' | 'not' }>;
type Bound = number | readonly number[];
/** `key` is under `condition.` in the texts of this folder; `range` and `window` are keys of their own. */
export type ConditionText = {
  key: string;
  params: Record<string, unknown>;
  range?: { key: string; params: Record<string, unknown> };
  window?: { key: string; params: Record<string, unknown> };
  /** Whether the figure is what the range asks for. */
  holds: boolean;
  /** The condition is what keeps the person out. */
  keepsOut: boolean;
};
export type ConditionParams = { condition: Leaf; own: unknown; is_wanted: boolean };

export function isConditionParams(params: Record<string, unknown>): params is ConditionParams {
  const { condition } = params;
  return typeof condition === 'object' && condition !== null && 'kind' in condition && 'is_wanted' in params;
}

function compares(is: string, value: Bound, own: number): boolean {
  const [low = 0, high = low] = typeof value === 'number' ? [value] : value;
  if (is === 'gte') return own >= low;
  if (is === 'lte') return own <= low;
  return is === 'between' ? own >= low && own <= high : own === low;
}

function rangeOf(unit: string, is: string, value: Bound, write: (value: number) => unknown = (same) => same) {
  const [low = 0, high = low] = typeof value === 'number' ? [value] : value;
  return { key: `range.${is}`, params: { unit, low: write(low), high: write(high) } };
}

const numberOf = (own: unknown): number | null => (typeof own === 'number' ? own : null);

/** What to say of one condition; `today` is the shop's day. */
export function conditionText({ condition, own, is_wanted }: ConditionParams, today: string): ConditionText {
  switch (condition.kind) {
    case 'recency':
      return recency(condition, numberOf(own), is_wanted, today);
    case 'count':
      return count(condition, numberOf(own) ?? 0, is_wanted);
    case 'sum':
      return sum(condition, numberOf(own) ?? 0, is_wanted);
    case 'rfm':
      return rfm(condition, own, is_wanted);
    case 'reachable':
      return plain(own === true ? 'reachable' : 'not_reachable', {}, (own === true) !== is_wanted);
    case 'fact':
      return fact(condition, own, is_wanted);
  }
}

function plain(key: string, params: Record<string, unknown>, keepsOut: boolean): ConditionText {
  return { key, params, keepsOut, holds: !keepsOut };
}

function recency(
  leaf: Leaf & { kind: 'recency' },
  own: number | null,
  isWanted: boolean,
  today: string,
): ConditionText {
  if (own === null) return plain('never_ordered', {}, isWanted);
  const holds = compares(leaf.is, leaf.days, own);
  const keepsOut = holds !== isWanted;
  const low = typeof leaf.days === 'number' ? leaf.days : (leaf.days[0] ?? 0);
  const left = low - own;
  if (keepsOut && isWanted && leaf.is !== 'lte' && left > 0)
    return plain('recency_soon', { days: left, on: addDays(today, left) }, true);
  return { key: 'recency', params: { own }, holds, keepsOut, range: rangeOf('days', leaf.is, leaf.days) };
}

function windowOf(window: { days: number } | 'ever') {
  return window === 'ever'
    ? { key: 'window.ever', params: {} }
    : { key: 'window.last', params: { days: window.days } };
}

function count(leaf: Leaf & { kind: 'count' }, own: number, isWanted: boolean): ConditionText {
  const holds = compares(leaf.is, leaf.value, own);
  const keepsOut = holds !== isWanted;
  const key = leaf.sku === undefined ? `count.${leaf.event}` : 'count.product';
  const params = { own, sku: leaf.sku ?? '' };
  return {
    key,
    params,
    holds,
    keepsOut,
    range: rangeOf('times', leaf.is, leaf.value),
    window: windowOf(leaf.window),
  };
}

function sum(leaf: Leaf & { kind: 'sum' }, own: number, isWanted: boolean): ConditionText {
  const holds = compares(leaf.is, leaf.value, own);
  const keepsOut = holds !== isWanted;
  const range = rangeOf('money', leaf.is, leaf.value, reportingMoney);
  return {
    key: 'sum',
    params: { own: reportingMoney(own) },
    holds,
    keepsOut,
    range,
    window: windowOf(leaf.window),
  };
}

function rfm(leaf: Leaf & { kind: 'rfm' }, own: unknown, isWanted: boolean): ConditionText {
  const [days, orders] = Array.isArray(own) ? own.map(numberOf) : [];
  if (days === null || days === undefined || !orders) return plain('never_ordered', {}, isWanted);
  const row = leaf.r.filter((bound) => days > bound).length;
  const column = leaf.f.filter((bound) => orders >= bound).length - 1;
  const isIn = leaf.cells.some(([r, f]) => r === row && f === column);
  const keepsOut = isIn !== isWanted;
  return plain(isIn ? 'rfm_in' : 'rfm_out', { days, orders }, keepsOut);
}

function fact(leaf: Leaf & { kind: 'fact' }, own: unknown, isWanted: boolean): ConditionText {
  if (own === null || own === undefined) return plain(`fact.unknown.${leaf.fact}`, {}, isWanted);
  if (typeof own === 'boolean')
    return plain(`fact.${leaf.fact}.${own ? 'yes' : 'no'}`, {}, (own === leaf.value) !== isWanted);
  const keepsOut = !factHolds(leaf, own) === isWanted;
  if (leaf.fact === 'sex') return plain(`fact.sex.${String(own)}`, {}, keepsOut);
  // The number of a prefecture says nothing to a reader, and its name stands at the top of the card.
  if (leaf.fact === 'prefecture') return plain('fact.prefecture', {}, keepsOut);
  return plain(`fact.${leaf.fact}`, { own }, keepsOut);
}

function factHolds(leaf: Leaf & { kind: 'fact' }, own: unknown): boolean {
  const { value } = leaf;
  if (Array.isArray(value))
    return leaf.is === 'between'
      ? compares('between', value.map(Number), Number(own))
      : value.some((one) => one === own);
  return typeof value === 'number' ? compares(leaf.is, value, Number(own)) : value === own;
}
