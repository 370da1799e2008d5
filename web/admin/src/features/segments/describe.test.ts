/** A segment as it is read: the same tree in both languages, and what has to be mended. */
import i18next from 'i18next';
import { beforeAll, describe, expect, it } from 'vitest';
import type { SegmentTree } from '../../api/types';
import { CONDITION_CHOICES, findProblems, newCondition } from './conditions';
import { type Speaker, treeText } from './describe';
import { sentenceParts } from './sentence';
import { all } from './tree.fixture';

const speaker = (language: 'ja' | 'en'): Speaker => {
  const t = i18next.getFixedT(language, 'segments');
  return {
    t: (key, params) => t(key, params ?? {}),
    language,
    money: (minor) => `${minor}円`,
    product: (sku) => (sku === 'A1' ? '白い皿' : sku),
  };
};
const away = all(
  { kind: 'recency', is: 'gte', days: 61 },
  { kind: 'count', event: 'order', window: { days: 90 }, is: 'gte', value: 3 },
);

beforeAll(async () => {
  await i18next.loadNamespaces('segments');
  await i18next.loadLanguages('en');
});

describe('a segment in words', () => {
  it.each<[SegmentTree, string, string]>([
    [
      away,
      '最後の注文から61日以上たった、かつ直近90日に注文が3回以上',
      'last order was at least 61 days ago, and ordered at least 3 times in the last 90 days',
    ],
    [
      all(away.of[0] as SegmentTree, {
        kind: 'not',
        of: { kind: 'fact', fact: 'prefecture', is: 'in', value: [13, 27] },
      }),
      '最後の注文から61日以上たった、かつ住まいが東京都・大阪府ではない',
      'last order was at least 61 days ago, and not: lives in Tokyo, Osaka',
    ],
    [
      all({ kind: 'or', of: [newCondition('sex'), newCondition('age')] }, newCondition('has_company')),
      '（性別が女性、または年齢が30〜39歳の間）、かつ会社名がある',
      '(sex is female, or age is between 30 and 39), and has a company name',
    ],
    [
      all({ kind: 'count', event: 'order', sku: 'A1', window: 'ever', is: 'gte', value: 1 }),
      'これまでに白い皿を買った注文が1回以上',
      'ordered 白い皿 at least 1 times ever',
    ],
  ])('%#', (tree, ja, en) => {
    expect(treeText(tree, speaker('ja'))).toBe(ja);
    expect(treeText(tree, speaker('en'))).toBe(en);
  });

  it('says every condition that can be added, in both languages, without a gap', () => {
    for (const language of ['ja', 'en'] as const)
      for (const choice of CONDITION_CHOICES) {
        const text = treeText(newCondition(choice), speaker(language));
        expect(text, choice).not.toMatch(/[{}]|undefined|NaN|^$/);
      }
  });

  it('leaves open what is not filled in yet', () => {
    const open = {
      kind: 'count',
      event: 'order',
      sku: '',
      window: 'ever',
      is: 'gte',
      value: Number.NaN,
    } as const;
    expect(treeText(open, speaker('ja'))).toBe('これまでに…を買った注文が…回以上');
    const sum = { kind: 'sum', window: { days: Number.NaN }, is: 'gte', value: Number.NaN } as const;
    expect(treeText(sum, speaker('ja'))).toBe('直近…日の買上額が…以上');
  });

  it('lets each language put its fields in its own order', () => {
    const slots = (template: string) => sentenceParts(template).flatMap((part) => part.slot ?? []);
    expect(slots('{window}{event}{value}回{is}')).toEqual(['window', 'event', 'value', 'is']);
    expect(slots('{event} {is} {value} times {window}')).toEqual(['event', 'is', 'value', 'window']);
  });
});

describe('what has to be mended before counting', () => {
  it.each<[SegmentTree, string]>([
    [all({ kind: 'count', event: 'order', window: 'ever', is: 'between', value: [5, 2] }), 'range_reversed'],
    [all({ kind: 'count', event: 'order', window: 'ever', is: 'gte', value: Number.NaN }), 'number_missing'],
    [all({ kind: 'count', event: 'order', window: { days: 0 }, is: 'gte', value: 1 }), 'days_out_of_range'],
    [all(newCondition('product')), 'choose_product'],
    [all(newCondition('rfm')), 'choose_cells'],
    [all(newCondition('prefecture')), 'choose_one'],
    [all({ kind: 'or', of: [] }), 'group_empty'],
  ])('%#', (tree, code) => {
    expect(findProblems(tree).map((found) => found.code)).toEqual([code]);
  });

  it('points at the condition, also behind a negation', () => {
    const tree = all(newCondition('orders'), { kind: 'not', of: newCondition('rfm') });
    expect(findProblems(tree)).toEqual([{ path: [1, 0], code: 'choose_cells' }]);
  });

  it('refuses what the server would refuse for its size', () => {
    const many = all(...Array.from({ length: 600 }, () => newCondition('orders')));
    expect(findProblems(many).map((found) => found.code)).toEqual(['too_many']);
  });
});
