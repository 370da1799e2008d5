/** A segment said in one sentence, in the reader's language: for titles, lists and confirmation. */
import type { SegmentTree } from '../../api/types';
import { prefectureName } from './prefectures';
import { rfmText } from './rfm-text';
import { sentenceText } from './sentence';
import type { Condition } from './tree';
import { isGroup, isNot } from './tree';

export type Translate = (key: string, params?: Record<string, unknown>) => string;
export type Speaker = {
  t: Translate;
  language: string;
  money: (minor: number) => string;
  product: (sku: string) => string;
};

function numberText(
  value: number | readonly number[],
  say: (n: number) => string,
  { t }: Pick<Speaker, 't'>,
): string {
  return typeof value === 'number' ? say(value) : value.map(say).join(t('range_mark'));
}

/** What stands where something is not chosen yet. */
const OPEN = '…';
const plain = (value: number): string => (Number.isFinite(value) ? String(value) : OPEN);

function windowText(window: Condition & { kind: 'count' | 'sum' }, { t }: Speaker): string {
  if (window.window === 'ever') return t('window.ever');
  return sentenceText(t('window.last'), { days: plain(window.window.days) });
}

function factValue(node: Condition & { kind: 'fact' }, { t, language }: Speaker): string {
  const values = Array.isArray(node.value) ? node.value : [node.value];
  switch (node.fact) {
    case 'age':
      return numberText(values.length > 1 ? (values as number[]) : (values[0] as number), plain, { t });
    case 'prefecture':
      return values.map((one) => prefectureName(Number(one), language)).join(t('list_mark'));
    case 'birth_month':
      return values.map((one) => t(`month.${String(one)}`)).join(t('list_mark'));
    case 'sex':
      return values.map((one) => t(`sex.${String(one)}`)).join(t('list_mark'));
    case 'has_company':
    case 'is_member_only':
      return t(`${node.fact}.${node.value === true ? 'yes' : 'no'}`);
  }
}

/** One condition as a sentence, e.g. 「直近90日に注文が3回以上」. */
export function conditionText(node: Condition, speaker: Speaker): string {
  const { t, money, product } = speaker;
  const is = (key: string) => t(`is.${key}`);
  switch (node.kind) {
    case 'count':
      return sentenceText(t(node.sku === undefined ? 'say.count' : 'say.product'), {
        window: windowText(node, speaker),
        event: t(`event.${node.event}`),
        product: product(node.sku ?? '') || OPEN,
        value: numberText(node.value, plain, speaker),
        is: is(`count_${node.is}`),
      });
    case 'sum':
      return sentenceText(t('say.sum'), {
        window: windowText(node, speaker),
        value: numberText(node.value, (minor) => (Number.isFinite(minor) ? money(minor) : OPEN), speaker),
        is: is(`sum_${node.is}`),
      });
    case 'recency':
      return sentenceText(t('say.recency'), {
        days: numberText(node.days, plain, speaker),
        is: is(`recency_${node.is}`),
      });
    case 'rfm':
      return rfmText(node, t);
    case 'fact':
      return sentenceText(t(`say.${node.fact}`), {
        value: factValue(node, speaker),
        is: node.fact === 'age' ? is(`age_${node.is}`) : '',
      });
    case 'reachable':
      return t('say.reachable');
  }
}

/** The whole tree as a sentence; inner groups stand in brackets. */
export function treeText(node: SegmentTree, speaker: Speaker, isInner = false): string {
  const { t } = speaker;
  if (isNot(node)) return t('say.not', { what: treeText(node.of, speaker, true) });
  if (!isGroup(node)) return conditionText(node, speaker);
  const text = node.of.map((child) => treeText(child, speaker, true)).join(t(`joint.${node.kind}`));
  return isInner && node.of.length > 1 ? t('say.group', { what: text }) : text;
}
