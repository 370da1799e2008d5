import { screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { CustomerCard, CustomerRow } from '../../api/types';
import { ME, problem, renderApp } from '../../testing/render';

const yen = (minor: number) => ({ minor, currency: 'JPY' });
const ROW: CustomerRow = {
  customer_id: 'c1',
  number: '16928',
  name: '森下 千尋',
  kana: 'モリシタ チヒロ',
  company: null,
  email_masked: 'c•••@example.com',
  prefecture: '京都府',
  orders: 17,
  sales: yen(417_225),
  last_order_day: '2026-09-22',
  days_since: 52,
  is_member_only: false,
};
const CARD: CustomerCard = {
  customer_id: 'c1',
  number: '16928',
  name: '森下 千尋',
  kana: 'モリシタ チヒロ',
  company: 'つまみと把手 森下商店',
  sex: 'female',
  birthday: '1979-04-08',
  age: 47,
  prefecture: '京都府',
  city: '宇治市',
  email: 'c•••@example.com',
  phone: null,
  band: { r: '31-60', f: '10-' },
  rhythm: {
    usual_days: 15,
    open_days: 52,
    late_days: 37,
    expected_on: '2026-10-07',
    orders: [
      // Two orders of one day that came to the same.
      { day: '2026-09-08', amount: yen(29_895) },
      { day: '2026-09-08', amount: yen(29_895) },
      { day: '2026-09-22', amount: yen(33_432) },
    ],
  },
  notes_now: [{ code: 'mail_allowed_today', params: { cap_days: 7, last_sent: '2026-09-30' } }],
  value: {
    sales: yen(417_225),
    refunds: yen(-9_915),
    refund_count: 2,
    orders: 17,
    first_order_day: '2025-12-03',
    last_order_day: '2026-09-22',
    average_order: yen(25_126),
    shop_average_order: yen(75_858),
    orders_90d: 5,
  },
  products: [],
  consents: [{ channel: 'email', state: 'granted', basis: '注文画面で', since: '2025-12-03' }],
  next_mail: { allowed: true, on: null, reason: null },
};
const PAGE = { items: [ROW], next_cursor: null, total: 1, has_more_than_total: false };

describe('the list of customers', () => {
  it('searches while typing and keeps the search in the address', async () => {
    const { user, router, calls } = await renderApp('/customers', { 'GET /api/customers': () => PAGE });
    await user.type(await screen.findByLabelText('顧客をさがす'), 'サトウ');
    await waitFor(() => expect(router.state.location.search).toEqual({ q: 'サトウ' }));
    await waitFor(() => expect(calls.at(-1)?.query.get('search')).toBe('サトウ'));
  });

  it('keeps a space that is typed before the next word', async () => {
    const { user, router } = await renderApp('/customers', { 'GET /api/customers': () => PAGE });
    const field = await screen.findByLabelText('顧客をさがす');
    await user.type(field, '森下 ');
    await waitFor(() => expect(router.state.location.search).toEqual({ q: '森下' }));
    await user.type(field, '千尋');
    expect(field).toHaveValue('森下 千尋');
    await waitFor(() => expect(router.state.location.search).toEqual({ q: '森下 千尋' }));
  });

  it('asks once for a further page that fails, says so, and asks again when told to', async () => {
    const { user, calls } = await renderApp('/customers', {
      'GET /api/customers': ({ query }) =>
        query.has('cursor') ? problem(500, 'unexpected') : { ...PAGE, next_cursor: 'next' },
    });
    const further = () => calls.filter((call) => call.query.get('cursor') === 'next').length;
    await user.click(await screen.findByRole('button', { name: 'もう一度' }));
    await screen.findByRole('button', { name: 'もう一度' });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(further()).toBe(2);
  });

  it('begins without a cursor', async () => {
    const { calls } = await renderApp('/customers', { 'GET /api/customers': () => PAGE });
    await screen.findByText('1人');
    expect(calls.find((call) => call.path === '/api/customers')?.query.has('cursor')).toBe(false);
  });

  it('shows which people are listed, and lets them go', async () => {
    const { user, router } = await renderApp('/customers?selection=s1&title=来ていない人', {
      'GET /api/customers': () => PAGE,
    });
    expect(await screen.findByText('来ていない人')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'この絞り込みをやめる' }));
    await waitFor(() => expect(router.state.location.search).toEqual({}));
  });

  it('lists the people of a segment', async () => {
    const { calls } = await renderApp('/customers?segment=g1', {
      'GET /api/segments/g1': () => ({
        segment_id: 'g1',
        name: '休みはじめた常連',
        tree: { kind: 'reachable', channel: 'email' },
      }),
      'POST /api/selections': () => ({ selection_id: 's9', count: 1, title: '' }),
      'GET /api/customers': () => PAGE,
    });
    expect(await screen.findByText('セグメント：休みはじめた常連')).toBeTruthy();
    await waitFor(() => expect(calls.at(-1)?.query.get('selection')).toBe('s9'));
  });

  it('says that there are more where the search stops counting', async () => {
    await renderApp('/customers?q=サトウ', {
      'GET /api/customers': () => ({ ...PAGE, total: 2000, has_more_than_total: true }),
    });
    expect(await screen.findByText('2,000人以上')).toBeTruthy();
  });

  it('keeps in the address who is listed, and saves just those', async () => {
    const { user, router, calls } = await renderApp('/customers?sort=sales', {
      'GET /api/customers': () => PAGE,
      'GET /api/segments': () => ({ items: [], next_cursor: null }),
      'POST /api/selections': () => ({ selection_id: 's7', count: 1, title: '' }),
    });
    await user.click(await screen.findByRole('combobox', { name: 'だれを見るか' }));
    await user.click(await screen.findByRole('option', { name: '会員・未購入', hidden: true }));
    await waitFor(() => expect(router.state.location.search).toEqual({ sort: 'sales', who: 'member' }));
    expect(calls.find((call) => call.path === '/api/selections')?.body).toMatchObject({
      segment: { kind: 'fact', fact: 'is_member_only', is: 'eq', value: true },
    });
    await waitFor(() => expect(calls.at(-1)?.query.get('selection')).toBe('s7'));
    const save = await screen.findByRole('link', { name: 'CSVで保存' });
    expect(save).toHaveAttribute('href', '/api/customers.csv?language=ja&sort=sales&selection=s7');
  });

  it('offers no file, and says no number, while it is not known who is meant', async () => {
    const { user } = await renderApp('/customers', {
      'GET /api/customers': () => PAGE,
      'GET /api/segments': () => ({ items: [], next_cursor: null }),
      'POST /api/selections': () => new Promise(() => {}),
    });
    expect(await screen.findByRole('link', { name: 'CSVで保存' })).toBeTruthy();
    await user.click(await screen.findByRole('combobox', { name: 'だれを見るか' }));
    await user.click(await screen.findByRole('option', { name: '会員・未購入', hidden: true }));
    await waitFor(() => expect(screen.queryByRole('link', { name: 'CSVで保存' })).toBeNull());
    expect(screen.queryByText('1人')).toBeNull();
  });

  it('offers no file to somebody who may not take one', async () => {
    const permissions = ME.permissions.filter((one) => one !== 'customers.export');
    await renderApp('/customers', {
      'GET /api/customers': () => PAGE,
      'GET /api/me': () => ({ ...ME, permissions }),
    });
    await screen.findByText('1人');
    expect(screen.queryByRole('link', { name: 'CSVで保存' })).toBeNull();
  });

  it('says what to try when nobody fits', async () => {
    await renderApp('/customers?q=zzz', {
      'GET /api/customers': () => ({ items: [], next_cursor: null, total: 0 }),
    });
    expect(await screen.findByRole('heading', { name: 'あてはまる人がいません' })).toBeTruthy();
  });
});

describe('the customer card', () => {
  const answers = {
    'GET /api/customers/c1': () => CARD,
    'GET /api/customers/c1/segments': () => ({
      in: [
        {
          segment_id: 'g1',
          name: '休みはじめた常連',
          why: [
            {
              code: 'count',
              params: {
                condition: { kind: 'count', event: 'order', window: 'ever', is: 'gte', value: 10 },
                own: 17,
                is_wanted: true,
              },
            },
          ],
        },
      ],
      not_yet: [],
    }),
    'GET /api/customers/c1/timeline': () => ({
      items: [
        {
          at: '2026-09-22T03:00:00Z',
          day: '2026-09-22',
          kind: 'order',
          title: '',
          number: '567514',
          items: 9,
        },
        ...[1, 2].map(() => ({
          at: '2026-09-25T03:00:00Z',
          day: '2026-09-25',
          kind: 'page',
          title: '秋の金具',
        })),
        {
          at: '2026-09-30T03:00:00Z',
          day: '2026-09-30',
          kind: 'mail_opened',
          title: '秋の金具',
          is_simulated: true,
        },
      ],
      next_cursor: null,
    }),
  };

  it('says what matters now first', async () => {
    await renderApp('/customers/c1', answers);
    const now = await screen.findByRole('heading', { level: 2, name: /いつもは/ });
    expect(now.textContent).toBe('いつもは15日ごと。 今回は52日あいています（37日おそい）');
    expect(screen.getByText('販促メールは今日送れます（7日に1通まで・前回は9月30日）。')).toBeTruthy();
  });

  it('lists orders and pages that are alike one by one', async () => {
    const { user } = await renderApp('/customers/c1', answers);
    expect((await screen.findAllByText('ページ「秋の金具」を見た')).length).toBe(2);
    await user.click(screen.getByRole('button', { name: '表' }));
    expect(screen.getAllByText('2026-09-08').length).toBe(2);
  });

  it('says why somebody is in a segment', async () => {
    await renderApp('/customers/c1', answers);
    const link = await screen.findByRole('link', { name: '休みはじめた常連' });
    expect(link.closest('li')?.textContent).toContain('なぜ：これまでに注文 17回（10回以上）');
  });

  it('keeps the filter of the timeline in the address and marks simulated events', async () => {
    const { user, router, calls } = await renderApp('/customers/c1', answers);
    expect(await screen.findByText('シミュレーション')).toBeTruthy();
    await user.click(screen.getByRole('radio', { name: '注文' }));
    await waitFor(() => expect(router.state.location.search).toEqual({ filter: 'orders' }));
    await waitFor(() =>
      expect(
        calls.some((call) => call.path.endsWith('/timeline') && call.query.get('filter') === 'orders'),
      ).toBe(true),
    );
  });
});
