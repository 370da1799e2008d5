/** What the person decided before the import starts, and what still stands in its way. */
import type { ImportMapping, ImportOptions, ImportPreview } from '../../../api/types';

export type Choices = { mapping: ImportMapping; options: ImportOptions };

/** The mapping as it was detected: the column's number → the field, or nothing. */
export function detectedMapping(preview: ImportPreview): ImportMapping {
  return Object.fromEntries(preview.columns.map((column) => [String(column.index), column.field]));
}

/** A field has one column: giving it to another takes it from the first. */
export function mapColumn(mapping: ImportMapping, index: number, field: string | null): ImportMapping {
  const freed = Object.entries(mapping).map(([at, held]) => [
    at,
    field !== null && held === field ? null : held,
  ]);
  return { ...Object.fromEntries(freed), [String(index)]: field };
}

/** Saying whether; a column for when or why is none without it. */
const isConsentField = (field: string | null): boolean => /^consent_(email|phone|post)$/.test(field ?? '');

export const hasConsentColumn = (mapping: ImportMapping): boolean =>
  Object.values(mapping).some(isConsentField);

export type Missing =
  | { code: 'field'; field: string }
  | { code: 'rate' | 'basis' | 'proof' | 'consent_column' | 'source' };

/** Everything that must be answered before the start, in the order of the page. */
export function findMissing(
  preview: ImportPreview,
  { mapping, options }: Choices,
  currency: string,
): Missing[] {
  const held = new Set(Object.values(mapping));
  const missing: Missing[] = preview.fields
    .filter((field) => field.required && !held.has(field.field))
    .map((field) => ({ code: 'field', field: field.field }));
  if (options.source.trim() === '') missing.push({ code: 'source' });
  if (needsRate(preview, options, currency) && !isRate(options.rate)) missing.push({ code: 'rate' });
  if (options.consent === 'column' && !hasConsentColumn(mapping)) missing.push({ code: 'consent_column' });
  if (options.consent === 'declared' && !options.consent_basis?.trim()) missing.push({ code: 'basis' });
  if (options.consent === 'declared' && !options.consent_proof?.trim()) missing.push({ code: 'proof' });
  return missing;
}

/** Orders in another currency are kept in it, and counted at a rate that is written down. */
export const needsRate = (
  preview: Pick<ImportPreview, 'kind'>,
  options: ImportOptions,
  currency: string,
): boolean => preview.kind === 'orders' && options.currency !== currency;

const isRate = (rate: string | null): boolean =>
  rate !== null && /^\d+(\.\d+)?$/.test(rate) && Number(rate) > 0;

/** 「１，２３４．５」 is what the server reads as 1234.5. */
export const narrowRate = (typed: string): string => typed.normalize('NFKC').replaceAll(',', '').trim();
