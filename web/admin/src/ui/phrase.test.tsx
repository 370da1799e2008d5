import { screen, waitFor } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import { changeLanguage } from '../i18n/i18n';
import { renderApp } from '../testing/render';

afterEach(() => changeLanguage('ja'));

const count = (own: number, value: number, days: number) => ({
  code: 'count',
  params: {
    condition: { kind: 'count', event: 'order', window: { days }, is: 'gte', value },
    own,
    is_wanted: true,
  },
});

it('says one of a thing in the singular in English', async () => {
  await changeLanguage('en');
  await renderApp('/customers/c1', {
    'GET /api/customers/c1': () => ({
      customer_id: 'c1',
      name: 'Chihiro',
      value: { orders: 1, orders_90d: 1, sales: { minor: 1, currency: 'JPY' }, refund_count: 0 },
      notes_now: [
        { code: 'mail_allowed_today', params: { cap_days: 1, last_sent: null } },
        { code: 'rfm_cells', params: { count: 2 } },
      ],
      rhythm: { usual_days: 1, open_days: 2, late_days: 1, expected_on: '2026-11-12', orders: [] },
      products: [],
      consents: [],
      next_mail: { allowed: true },
    }),
    'GET /api/customers/c1/segments': () => ({
      in: [
        { segment_id: 'g1', name: 'a', why: [count(1, 1, 1)] },
        { segment_id: 'g2', name: 'b', why: [count(2, 1, 90)] },
      ],
      not_yet: [],
    }),
    'GET /api/customers/c1/timeline': () => ({ items: [], next_cursor: null }),
  });
  const now = await screen.findByRole('heading', { level: 2, name: /Usually/ });
  expect(now.textContent).toBe('Usually every day. This time 2 days have passed (1 day late)');
  expect(screen.getByText(/one per day; none was sent yet/)).toBeTruthy();
  expect(screen.getByText('people of 2 cells')).toBeTruthy();
  await waitFor(() =>
    expect(screen.getByRole('link', { name: 'a' }).closest('li')?.textContent).toContain(
      '1 order in the last day',
    ),
  );
  expect(screen.getByRole('link', { name: 'b' }).closest('li')?.textContent).toContain(
    '2 orders in the last 90 days',
  );
});
