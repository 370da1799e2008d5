/** Days are "YYYY-MM-DD" in the shop's own calendar: they are written, never shifted by the browser's zone. */
import { currentLanguage, type Language } from '../i18n/language';

const DAY_MS = 86_400_000;

function asUtc(day: string): Date {
  return new Date(`${day.length === 7 ? `${day}-01` : day}T00:00:00Z`);
}

function write(day: string, options: Intl.DateTimeFormatOptions, language: Language): string {
  return new Intl.DateTimeFormat(language === 'ja' ? 'ja-JP' : 'en-GB', {
    timeZone: 'UTC',
    ...options,
  }).format(asUtc(day));
}

/** 2026年11月13日（金） · Fri 13 November 2026 */
export function formatDay(day: string, language = currentLanguage()): string {
  const weekday = write(day, { weekday: 'short' }, language);
  const text = write(day, { year: 'numeric', month: 'long', day: 'numeric' }, language);
  return language === 'ja' ? `${text}（${weekday}）` : `${weekday} ${text}`;
}

/** 2026年11月13日 · 13 Nov 2026 */
export function formatDate(day: string, language = currentLanguage()): string {
  return write(
    day,
    { year: 'numeric', month: language === 'ja' ? 'long' : 'short', day: 'numeric' },
    language,
  );
}

/** 11月13日 · 13 Nov */
export function formatDayShort(day: string, language = currentLanguage()): string {
  return write(day, { month: language === 'ja' ? 'long' : 'short', day: 'numeric' }, language);
}

/** 2026年7月 · Jul 2026 */
export function formatMonth(month: string, language = currentLanguage()): string {
  return write(month, { year: 'numeric', month: language === 'ja' ? 'long' : 'short' }, language);
}

/** 7月 · Jul */
export function formatMonthShort(month: string, language = currentLanguage()): string {
  return write(month, { month: language === 'ja' ? 'long' : 'short' }, language);
}

/** 10月17日〜11月13日 · 17 Oct – 13 Nov */
export function formatDayRange(from: string, to: string, language = currentLanguage()): string {
  const joiner = language === 'ja' ? '〜' : ' – ';
  return `${formatDayShort(from, language)}${joiner}${formatDayShort(to, language)}`;
}

/** An instant (RFC 3339) in the shop's zone: 11月13日 14:05. */
export function formatInstant(instant: string, zone: string, language = currentLanguage()): string {
  return new Intl.DateTimeFormat(language === 'ja' ? 'ja-JP' : 'en-GB', {
    timeZone: zone,
    month: language === 'ja' ? 'long' : 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(new Date(instant));
}

export function daysBetween(from: string, to: string): number {
  return Math.round((asUtc(to).getTime() - asUtc(from).getTime()) / DAY_MS);
}

export function addDays(day: string, days: number): string {
  return new Date(asUtc(day).getTime() + days * DAY_MS).toISOString().slice(0, 10);
}
