/** Money from minor units. Yen are written as 75,858円, 1,984万円, 1億5,179万円; other currencies by the language. */
import type { Money } from '../api/types';
import { currentLanguage, type Language } from '../i18n/language';
import { formatNumber } from './number';

let reporting = 'JPY';

/** The shop's own currency: figures that come without one are in it. */
export function setReportingCurrency(currency: string): void {
  reporting = currency;
}

export function reportingMoney(minor: number): Money {
  return { minor, currency: reporting };
}

/** How many minor units one major unit has, as a power of ten: JPY 0, GBP 2. */
export function minorDigits(currency: string): number {
  return (
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
  );
}

export function majorUnits(money: Money): number {
  return money.minor / 10 ** minorDigits(money.currency);
}

export type MoneyParts = { value: string; unit: string };

function plus(text: string, minor: number, isSigned: boolean): string {
  return isSigned && minor > 0 ? `+${text}` : text;
}

function otherCurrency(money: Money, language: Language, isCompact: boolean): string {
  const text = new Intl.NumberFormat(language === 'ja' ? 'ja-JP' : 'en-GB', {
    style: 'currency',
    currency: money.currency,
    notation: isCompact ? 'compact' : 'standard',
    ...(isCompact ? { maximumFractionDigits: 1 } : {}),
  }).format(majorUnits(money));
  return text.replace('-', '−').replace('JP¥', '¥');
}

/** To the last unit: 417,225円. */
export function formatMoney(money: Money, { signed = false } = {}, language = currentLanguage()): string {
  if (money.currency === 'JPY' && language === 'ja')
    return plus(`${formatNumber(money.minor, 0, language)}円`, money.minor, signed);
  return plus(otherCurrency(money, language, false), money.minor, signed);
}

/** The figure and its small unit apart, so that the unit can stand small beside it. */
export function moneyParts(money: Money, language = currentLanguage()): MoneyParts {
  if (money.currency === 'JPY' && language === 'ja')
    return { value: formatNumber(money.minor, 0, language), unit: '円' };
  return { value: formatMoney(money, {}, language), unit: '' };
}

/** Short: 9,910万円, 23.4万円, 1億5,179万円; in English ¥99.1m. */
export function formatMoneyShort(
  money: Money,
  { signed = false } = {},
  language = currentLanguage(),
): string {
  const parts = moneyShortParts(money, language);
  return plus(`${parts.value}${parts.unit}`, money.minor, signed);
}

export function moneyShortParts(money: Money, language = currentLanguage()): MoneyParts {
  if (money.currency !== 'JPY' || language !== 'ja')
    return { value: otherCurrency(money, language, Math.abs(majorUnits(money)) >= 10_000), unit: '' };
  return yenShort(money.minor);
}

function yenShort(yen: number): MoneyParts {
  const size = Math.abs(yen);
  const sign = yen < 0 ? '−' : '';
  if (size < 10_000) return { value: formatNumber(yen, 0, 'ja'), unit: '円' };
  if (size < 1_000_000)
    return { value: sign + formatNumber(size / 10_000, 1, 'ja').replace('.0', ''), unit: '万円' };
  const man = Math.round(size / 10_000);
  if (man < 10_000) return { value: sign + formatNumber(man, 0, 'ja'), unit: '万円' };
  const oku = Math.floor(man / 10_000);
  const rest = man % 10_000;
  const whole = `${sign}${formatNumber(oku, 0, 'ja')}`;
  if (rest === 0) return { value: whole, unit: '億円' };
  return { value: `${whole}億${formatNumber(rest, 0, 'ja')}`, unit: '万円' };
}
