/** Blocks, values, times and deliveries: the small rules of a campaign. */
import { describe, expect, it } from 'vitest';
import type { Block, Delivery } from '../../api/types';
import { BLOCKS_MAX, countContent, insertBlock, moveBlock, newBlock } from './blocks';
import { finishedShare, secondsLeft } from './delivery/counts';
import { blocksToMjml } from './mjml';
import { instantOf, tomorrowMorning, wallOf } from './schedule';
import { insertValue, sayValues, withDefaults } from './values';

const text = (words: string): Block => ({ kind: 'text', text: words });

describe('blocks', () => {
  it('move by one and stop at the ends', () => {
    const blocks = [text('1'), text('2'), text('3')];
    expect(moveBlock(blocks, 2, -1)).toEqual([text('1'), text('3'), text('2')]);
    expect(moveBlock(blocks, 0, -1)).toBe(blocks);
    expect(moveBlock(blocks, 2, 1)).toBe(blocks);
  });

  it('are no more than a mail can hold', () => {
    const full = Array.from({ length: BLOCKS_MAX }, () => text(''));
    expect(insertBlock(full, 0, newBlock('divider'))).toBe(full);
  });

  it('are counted as the reader would', () => {
    const blocks: Block[] = [
      { kind: 'products', skus: ['a', 'b'] },
      newBlock('button'),
      { kind: 'products', skus: ['c'] },
    ];
    expect(countContent(blocks)).toEqual({ products: 3, buttons: 1, images: 0 });
  });

  it('become MJML in which text stays text', () => {
    const mjml = blocksToMjml({
      preheader: '',
      blocks: [text('<script>&'), { kind: 'image', url: 'https://x/"y', alt: '' }],
    });
    expect(mjml).toContain('&lt;script&gt;&amp;');
    expect(mjml).toContain('src="https://x/&quot;y"');
  });
});

it('puts a value where the cursor stands, instead of what is selected', () => {
  expect(insertValue('こんにちは様', '{{x}}', 5, 5)).toEqual({ text: 'こんにちは{{x}}様', cursor: 10 });
  expect(insertValue('abc', '{{x}}', 1, 2).text).toBe('a{{x}}c');
});

describe('a time at which to send', () => {
  it('is meant in the zone of the shop', () => {
    expect(instantOf('2026-11-14T10:00', 'Asia/Tokyo')).toBe('2026-11-14T01:00:00.000Z');
    expect(instantOf('2026-07-01T10:00', 'Europe/London')).toBe('2026-07-01T09:00:00.000Z');
    expect(instantOf('', 'Asia/Tokyo')).toBeNull();
  });

  it('is read back as it was written, also after the clocks changed', () => {
    for (const wall of ['2026-03-29T03:30', '2026-10-25T03:30', '2026-12-31T23:59'])
      expect(wallOf(instantOf(wall, 'Europe/Paris') ?? '', 'Europe/Paris')).toBe(wall);
  });

  it('is the next morning at first, over the end of a month too', () => {
    expect(tomorrowMorning('2026-11-30')).toBe('2026-12-01T10:00');
  });
});

describe('a delivery', () => {
  const none: Delivery = {
    queued: 0,
    claimed: 0,
    handed: 0,
    accepted: 0,
    captured: 0,
    failed: 0,
    unknown: 0,
    held: 0,
    skipped: [],
    total: 0,
    rate_per_s: null,
    trouble: null,
  };
  it('is finished when nothing waits, failures and dropped people included', () => {
    const over = {
      ...none,
      captured: 280,
      failed: 5,
      skipped: [{ reason: 'suppressed', count: 3 }],
      total: 288,
    };
    expect(finishedShare(over)).toBe(1);
    expect(finishedShare({ ...over, captured: 136 })).toBeCloseTo(0.5);
  });

  it('says no remaining time while there is no speed', () => {
    expect(secondsLeft({ ...none, queued: 100 })).toBeNull();
    expect(secondsLeft({ ...none, queued: 100, handed: 1, rate_per_s: 50 })).toBe(3);
  });
});

describe('the words of a mail for nobody in particular', () => {
  it('name the value instead of its code, and the shop by its own name', () => {
    const subject = '{{ customer.family_name | default: "お客" }}様へ｜{{ shop.name }}';
    expect(sayValues(subject, 'みなと雑貨店', (key) => `〔${key}〕`)).toBe(
      '〔family_name〕様へ｜みなと雑貨店',
    );
  });
});

it('counts the letters that somebody reads, not those of the code', () => {
  const subject = '{{ customer.family_name | default("お客") }}様、{{ shop.name }}からのお便り';
  expect(withDefaults(subject, 'みなと雑貨店')).toBe('お客様、みなと雑貨店からのお便り');
  expect(withDefaults('{{ customer.given_name | default: "お客" }}様', '')).toBe('お客様');
  expect(withDefaults('{{ customer.number }}', '')).toBe('');
});
