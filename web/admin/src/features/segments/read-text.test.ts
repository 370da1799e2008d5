/** The readable form as the server writes it. */
import { expect, it } from 'vitest';
import { readText } from './read-text';

it.each([
  ['orders >= 3 in 90 days', { kind: 'count', event: 'order', is: 'gte', value: 3, window: { days: 90 } }],
  ['clicked = 0', { kind: 'count', event: 'mail_clicked', is: 'eq', value: 0, window: 'ever' }],
  [
    'orders of "2\\"5" between 1 and 4',
    { kind: 'count', event: 'order', sku: '2"5', is: 'between', value: [1, 4], window: 'ever' },
  ],
  ['not days_since_order <= 60', { kind: 'not', of: { kind: 'recency', is: 'lte', days: 60 } }],
  ['prefecture in [13 14]', { kind: 'fact', fact: 'prefecture', is: 'in', value: [13, 14] }],
  ['has_company = true', { kind: 'fact', fact: 'has_company', is: 'eq', value: true }],
  ['age between 20 and 39', { kind: 'fact', fact: 'age', is: 'between', value: [20, 39] }],
  ['rfm r [30 60] f [1 3] cells [2:1]', { kind: 'rfm', version: 1, r: [30, 60], f: [1, 3], cells: [[2, 1]] }],
])('%s', (text, tree) => {
  expect(readText(text)).toEqual(tree);
});

it('binds "and" closer than "or", and brackets closest', () => {
  const sex = { kind: 'fact', fact: 'sex', is: 'eq', value: 'female' };
  const mail = { kind: 'reachable', channel: 'email' };
  const sales = { kind: 'sum', is: 'gte', value: 10000, window: 'ever' };
  expect(readText('sex = female and reachable by email or sales >= 10000')).toEqual({
    kind: 'or',
    of: [{ kind: 'and', of: [sex, mail] }, sales],
  });
  expect(readText('sex = female and (reachable by email or sales >= 10000)')).toEqual({
    kind: 'and',
    of: [sex, { kind: 'or', of: [mail, sales] }],
  });
});

it.each(['', 'orders >= many', 'orders >= 1 orders >= 2', 'horoscope = virgo', '(orders >= 1'])(
  'leaves what it does not know: %s',
  (text) => {
    expect(readText(text)).toBeNull();
  },
);
