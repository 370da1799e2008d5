/** What a new condition says at first, and what must be mended before it can be counted. */
import type { SegmentTree } from '../../api/types';
import type { Condition, Path } from './tree';
import { children, countNodes, DEPTH_MAX, depth, isGroup, NODES_MAX } from './tree';

/** The kinds that the "add" menu offers, in the order in which marketers think of them. */
export const CONDITION_CHOICES = [
  'orders',
  'recency',
  'sales',
  'product',
  'rfm',
  'opened',
  'clicked',
  'page',
  'sex',
  'age',
  'prefecture',
  'birth_month',
  'has_company',
  'is_member_only',
  'reachable',
] as const;
export type ConditionChoice = (typeof CONDITION_CHOICES)[number];

const often = { window: { days: 90 }, is: 'gte', value: 1 } as const;

/** A sentence that is already true of somebody, so that the count moves at once. */
export function newCondition(choice: ConditionChoice): Condition {
  switch (choice) {
    case 'orders':
      return { kind: 'count', event: 'order', ...often, value: 3 };
    case 'product':
      return { kind: 'count', event: 'order', sku: '', window: 'ever', is: 'gte', value: 1 };
    case 'opened':
      return { kind: 'count', event: 'mail_opened', ...often };
    case 'clicked':
      return { kind: 'count', event: 'mail_clicked', ...often };
    case 'page':
      return { kind: 'count', event: 'page', ...often, window: { days: 30 } };
    case 'recency':
      return { kind: 'recency', is: 'gte', days: 61 };
    case 'sales':
      return { kind: 'sum', window: { days: 365 }, is: 'gte', value: 100_000 };
    case 'rfm':
      return { kind: 'rfm', version: 1, r: [30, 60, 90, 180], f: [1, 2, 3, 5, 10], cells: [] };
    case 'sex':
      return { kind: 'fact', fact: 'sex', is: 'eq', value: 'female' };
    case 'age':
      return { kind: 'fact', fact: 'age', is: 'between', value: [30, 39] };
    case 'prefecture':
      return { kind: 'fact', fact: 'prefecture', is: 'in', value: [] };
    case 'birth_month':
      return { kind: 'fact', fact: 'birth_month', is: 'eq', value: 1 };
    case 'has_company':
      return { kind: 'fact', fact: 'has_company', is: 'eq', value: true };
    case 'is_member_only':
      return { kind: 'fact', fact: 'is_member_only', is: 'eq', value: true };
    case 'reachable':
      return { kind: 'reachable', channel: 'email' };
  }
}

/** Codes are texts of the locale file, `problem.<code>`. */
export type ConditionProblem =
  | 'range_reversed'
  | 'number_missing'
  | 'days_out_of_range'
  | 'choose_one'
  | 'choose_product'
  | 'choose_cells'
  | 'group_empty'
  | 'too_many'
  | 'too_deep'
  | 'refused';
export type Found = { path: Path; code: ConditionProblem };

/** The farthest that a window may look back: a hundred years. */
export const DAYS_MAX = 36_500;

const isAmount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0;

function numberProblem(value: unknown): ConditionProblem | null {
  if (!Array.isArray(value)) return isAmount(value) ? null : 'number_missing';
  const [low, high] = value;
  if (!isAmount(low) || !isAmount(high)) return 'number_missing';
  return low > high ? 'range_reversed' : null;
}

function daysProblem(window: unknown): ConditionProblem | null {
  if (window === 'ever') return null;
  const days = (window as { days: number }).days;
  return Number.isInteger(days) && days >= 1 && days <= DAYS_MAX ? null : 'days_out_of_range';
}

/** The first thing to mend in one condition. */
export function conditionProblem(node: Condition): ConditionProblem | null {
  switch (node.kind) {
    case 'count':
      if (node.sku === '') return 'choose_product';
      return daysProblem(node.window) ?? numberProblem(node.value);
    case 'sum':
      return daysProblem(node.window) ?? numberProblem(node.value);
    case 'recency':
      return numberProblem(node.days);
    case 'rfm':
      return node.cells.length === 0 ? 'choose_cells' : null;
    case 'fact':
      if (node.is === 'in') return Array.isArray(node.value) && node.value.length > 0 ? null : 'choose_one';
      return node.fact === 'age' ? numberProblem(node.value) : null;
    case 'reachable':
      return null;
  }
}

function walk(node: SegmentTree, path: Path): Found[] {
  if (isGroup(node) && node.of.length === 0) return [{ path, code: 'group_empty' }];
  if (isGroup(node) || node.kind === 'not') {
    return children(node).flatMap((child, index) => walk(child, [...path, index]));
  }
  const code = conditionProblem(node);
  return code ? [{ path, code }] : [];
}

/** Everything that stands in the way of counting this tree. */
export function findProblems(tree: SegmentTree): Found[] {
  if (countNodes(tree) > NODES_MAX) return [{ path: [], code: 'too_many' }];
  if (depth(tree) > DEPTH_MAX) return [{ path: [], code: 'too_deep' }];
  return walk(tree, []);
}
