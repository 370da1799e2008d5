/** Numbers as they are written on the screens: − for minus, 〜 for ranges; Japanese sets a space before %. */
import { currentLanguage, type Language } from '../i18n/language';

const MINUS = '−';

function formatter(options: Intl.NumberFormatOptions, language: Language): Intl.NumberFormat {
  return new Intl.NumberFormat(language === 'ja' ? 'ja-JP' : 'en-GB', options);
}

function withSign(text: string, value: number, isZeroSigned: boolean): string {
  const bare = text.replace(/^[-−]/, '');
  if (value < 0 && /[1-9]/.test(bare)) return `${MINUS}${bare}`;
  if (isZeroSigned && value > 0 && /[1-9]/.test(bare)) return `+${bare}`;
  return bare;
}

export function formatNumber(value: number, digits = 0, language = currentLanguage()): string {
  const text = formatter({ minimumFractionDigits: digits, maximumFractionDigits: digits }, language).format(
    value,
  );
  return withSign(text, value, false);
}

/** With its sign: +138, −11, 0. */
export function formatSigned(value: number, digits = 0, language = currentLanguage()): string {
  const text = formatter({ minimumFractionDigits: digits, maximumFractionDigits: digits }, language).format(
    value,
  );
  return withSign(text, value, true);
}

const sign = (language: Language) => (language === 'ja' ? ' %' : '%');

/** A fraction as per cent: .436 → “43.6 %”, in English “43.6%”. */
export function formatPercent(fraction: number, digits = 1, language = currentLanguage()): string {
  return formatNumber(fraction * 100, digits, language) + sign(language);
}

/** A fraction as a number of per cent for a file: .4362 → 43.62. */
export function percentOf(fraction: number): number {
  return Number((fraction * 100).toFixed(2));
}

/** A fraction as a signed change in per cent: .132 → “+13.2 %”. */
export function formatChange(fraction: number, digits = 1, language = currentLanguage()): string {
  return formatSigned(fraction * 100, digits, language) + sign(language);
}

/** A difference of two fractions in points: .081 → “+8.1”. */
export function formatPoints(fraction: number, digits = 1, language = currentLanguage()): string {
  return formatSigned(fraction * 100, digits, language);
}

/** “−7.6〜+19.7”; the caller formats both ends. */
export function formatRange(low: string, high: string, language = currentLanguage()): string {
  return language === 'ja' ? `${low}〜${high}` : `${low} to ${high}`;
}

export function formatBytes(bytes: number, language = currentLanguage()): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const step = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(bytes, 1)) / 3)));
  const value = bytes / 1000 ** step;
  return `${formatNumber(value, step === 0 || value >= 100 ? 0 : 1, language)} ${units[step]}`;
}
