import { describe, expect, it } from 'vitest';
import { addDays, daysBetween, formatDay, formatDayRange, formatMonth } from './day';
import { formatMoney, formatMoneyShort, majorUnits, moneyShortParts } from './money';
import {
  formatBytes,
  formatChange,
  formatNumber,
  formatPercent,
  formatPoints,
  formatRange,
  formatSigned,
} from './number';

const yen = (minor: number) => ({ minor, currency: 'JPY' });
const pounds = (minor: number) => ({ minor, currency: 'GBP' });

describe('numbers', () => {
  it('have a real minus, and in Japanese a space before %', () => {
    expect(formatPercent(0.436)).toBe('43.6 %');
    expect(formatChange(-0.105)).toBe('−10.5 %');
    expect(formatChange(0.132)).toBe('+13.2 %');
    expect(formatPercent(0.436, 1, 'en')).toBe('43.6%');
    expect(formatSigned(-11)).toBe('−11');
    expect(formatNumber(-4.5, 1)).toBe('−4.5');
  });

  it('never say minus nothing', () => {
    expect(formatSigned(0)).toBe('0');
    expect(formatChange(-0.0001)).toBe('0.0 %');
    expect(formatPoints(0)).toBe('0.0');
  });

  it('join ranges as each language does', () => {
    expect(formatRange('−7.6', '+19.7', 'ja')).toBe('−7.6〜+19.7');
    expect(formatRange('−7.6', '+19.7', 'en')).toBe('−7.6 to +19.7');
  });

  it('measure files', () => {
    expect([0, 999, 1500, 47_226_068].map((bytes) => formatBytes(bytes))).toEqual([
      '0 B',
      '999 B',
      '1.5 kB',
      '47.2 MB',
    ]);
  });
});

describe('money', () => {
  it.each([
    [9_915, '9,915円'],
    [234_267, '23.4万円'],
    [100_000, '10万円'],
    [99_100_000, '9,910万円'],
    [151_790_000, '1億5,179万円'],
    [100_000_000, '1億円'],
    [-17_880_000, '−1,788万円'],
    [0, '0円'],
  ])('writes %d yen short as %s', (minor, text) => {
    expect(formatMoneyShort(yen(minor), {}, 'ja')).toBe(text);
  });

  it('writes yen in full, with a sign when asked', () => {
    expect(formatMoney(yen(417_225), {}, 'ja')).toBe('417,225円');
    expect(formatMoneyShort(yen(19_840_000), { signed: true }, 'ja')).toBe('+1,984万円');
  });

  it('keeps the unit apart for small print', () => {
    expect(moneyShortParts(yen(151_790_000), 'ja')).toEqual({ value: '1億5,179', unit: '万円' });
  });

  it('knows that pounds have pence and yen have none', () => {
    expect(majorUnits(pounds(77_183_60))).toBe(77_183.6);
    expect(majorUnits(yen(75_858))).toBe(75_858);
    expect(formatMoney(pounds(-1_250), {}, 'en')).toBe('−£12.50');
  });

  it('writes yen in English with the sign in front', () => {
    expect(formatMoney(yen(75_858), {}, 'en')).toBe('¥75,858');
    expect(formatMoneyShort(yen(99_100_000), {}, 'en')).toBe('¥99.1m');
  });
});

describe('days', () => {
  it('are written with their weekday', () => {
    expect(formatDay('2026-11-13', 'ja')).toBe('2026年11月13日（金）');
    expect(formatDay('2026-11-13', 'en')).toBe('Fri 13 November 2026');
  });

  it('are never moved by a time zone', () => {
    expect(addDays('2026-02-28', 1)).toBe('2026-03-01');
    expect(daysBetween('2026-03-28', '2026-03-30')).toBe(2);
    expect(formatDayRange('2026-10-17', '2026-11-13', 'ja')).toBe('10月17日〜11月13日');
    expect(formatMonth('2026-07', 'ja')).toBe('2026年7月');
  });
});
