/** Formats that texts may name: `{{count, number}}`, `{{sales, short}}`, `{{rate, percent}}`, `{{day, day}}`. */
import type { i18n } from 'i18next';
import type { Money } from '../api/types';
import { formatDate, formatDay, formatDayShort, formatMonth, formatMonthShort } from '../format/day';
import { formatMoney, formatMoneyShort, reportingMoney } from '../format/money';
import { formatChange, formatNumber, formatPercent, formatPoints, formatSigned } from '../format/number';

function isMoney(value: unknown): value is Money {
  return typeof value === 'object' && value !== null && 'minor' in value && 'currency' in value;
}

const numeric = (write: (value: number) => string) => (value: unknown) =>
  typeof value === 'number' ? write(value) : String(value);
const textual = (write: (value: string) => string) => (value: unknown) =>
  typeof value === 'string' ? write(value) : String(value);
const monetary = (write: (value: Money) => string) => (value: unknown) =>
  isMoney(value) ? write(value) : typeof value === 'number' ? write(reportingMoney(value)) : String(value);

const FORMATS: Record<string, (value: unknown) => string> = {
  number: numeric((value) => formatNumber(value)),
  decimal: numeric((value) => formatNumber(value, 1)),
  signed: numeric((value) => formatSigned(value)),
  percent: numeric((value) => formatPercent(value)),
  whole_percent: numeric((value) => formatPercent(value, 0)),
  change: numeric((value) => formatChange(value)),
  points: numeric((value) => formatPoints(value)),
  money: monetary((value) => formatMoney(value)),
  short: monetary((value) => formatMoneyShort(value)),
  short_signed: monetary((value) => formatMoneyShort(value, { signed: true })),
  day: textual((value) => formatDayShort(value)),
  date: textual((value) => formatDate(value)),
  full_day: textual((value) => formatDay(value)),
  month: textual((value) => formatMonthShort(value)),
  year_month: textual((value) => formatMonth(value)),
};

export function addFormats(instance: i18n): void {
  for (const [name, write] of Object.entries(FORMATS)) instance.services.formatter?.add(name, write);
}
