/** What must be answered before an import starts. */
import { describe, expect, it } from 'vitest';
import type { ImportOptions, ImportPreview } from '../../api/types';
import { detectedMapping, findMissing, mapColumn, narrowRate } from './preview/choices';
import { accountOf } from './report/sum';

const options: ImportOptions = {
  encoding: null,
  source: 'shop',
  currency: 'JPY',
  rate: null,
  zone: 'Asia/Tokyo',
  consent: 'none',
  consent_basis: null,
  consent_proof: null,
  first_month_is_import_start: true,
};
const preview: ImportPreview = {
  import_id: 'i1',
  kind: 'orders',
  file_name: 'a.csv',
  size_bytes: 1,
  encoding: 'UTF-8',
  separator: ',',
  compression: 'none',
  preset: null,
  rows: [],
  expected: null,
  problems: [],
  notices: [],
  options,
  columns: ['order_number', null].map((field, index) => ({
    index,
    header: `h${index}`,
    field,
    sample: [],
    type: 'text',
  })),
  fields: [
    { field: 'order_number', label: '注文番号', required: true },
    { field: 'quantity', label: '数量', required: true },
    { field: 'consent_email', label: '同意', required: false },
  ],
};
const mapping = detectedMapping(preview);
const codes = (changed: Partial<ImportOptions>, map = mapColumn(mapping, 1, 'quantity')) =>
  findMissing(preview, { mapping: map, options: { ...options, ...changed } }, 'JPY').map((one) => one.code);

describe('columns', () => {
  it('give each field one column: the later choice takes it over', () => {
    expect(mapColumn(mapping, 1, 'order_number')).toEqual({ 0: null, 1: 'order_number' });
    expect(mapColumn({ 0: null, 1: null }, 0, null)).toEqual({ 0: null, 1: null });
  });

  it('that are needed are asked for by name', () => {
    expect(findMissing(preview, { mapping, options }, 'JPY')).toEqual([{ code: 'field', field: 'quantity' }]);
  });
});

describe('options', () => {
  it('ask for a rate only where the money is another, and only for one that counts', () => {
    expect(codes({})).toEqual([]);
    expect(codes({ currency: 'GBP' })).toEqual(['rate']);
    expect(codes({ currency: 'GBP', rate: '0' })).toEqual(['rate']);
    expect(codes({ currency: 'GBP', rate: '150.25' })).toEqual([]);
  });

  it('take no declared consent without basis and proof, and no column that is not there', () => {
    expect(codes({ consent: 'declared' })).toEqual(['basis', 'proof']);
    expect(codes({ consent: 'declared', consent_basis: '会員登録', consent_proof: '規約 第8条' })).toEqual(
      [],
    );
    expect(codes({ consent: 'column' })).toEqual(['consent_column']);
    expect(codes({ consent: 'column' }, { 0: 'order_number', 1: 'quantity', 2: 'consent_email' })).toEqual(
      [],
    );
  });
});

it('accounts for every line, or says that it does not', () => {
  const classes = [397_884, 132_219, 9_288, 2_515, 3].map((count, at) => ({
    class: `c${at}`,
    count,
    is_accepted: true,
  }));
  expect(accountOf({ classes, lines: 541_909 })).toEqual({ total: 541_909, isWhole: true });
  expect(accountOf({ classes, lines: 541_910 }).isWhole).toBe(false);
});

it('reads a rate as it is written in Japan', () => {
  expect(narrowRate(' １，２３４．５ ')).toBe('1234.5');
  expect(narrowRate('1,300')).toBe('1300');
});
