import { screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { Home } from '../../api/types';
import { problem, renderApp } from '../../testing/render';
import { HOME } from './fixture';
import { biggestDayEffect, directionOf, storyOf } from './story';

const yen = (minor: number) => ({ minor, currency: 'JPY' });
const withEffects = (orders: number, average: number): Home => ({
  ...HOME,
  effect_of_orders: yen(orders),
  effect_of_average: yen(average),
});

describe('the story of the figures', () => {
  it.each([
    [19_840_000, -17_880_000, 'cancelled'],
    [19_840_000, -5_000_000, 'outweighed'],
    [10_000_000, 8_000_000, 'both_up'],
    [-10_000_000, -8_000_000, 'both_down'],
    [10_000_000, 100_000, 'orders_only'],
    [100_000, -10_000_000, 'average_only'],
    [200_000, -100_000, 'flat'],
  ])('orders %d and average %d are %s', (orders, average, reason) => {
    expect(storyOf(withEffects(orders, average)).reason).toBe(reason);
  });

  it('names the direction of both, and what one large day does to the comparison', () => {
    expect(directionOf(HOME)).toBe('up_down');
    expect(biggestDayEffect(HOME)).toBe('lowers');
  });
});

describe('ホーム', () => {
  it('says the finding in one sentence, with the figures in it', async () => {
    await renderApp('/', { 'GET /api/insights/home': () => HOME });
    const heading = await screen.findByRole('heading', { level: 2, name: /売上/ });
    expect(heading).toHaveTextContent('売上 +1.3 %。注文 +13.2 % を客単価 −10.5 % が打ち消しました。');
    expect(screen.getByText(/前の28日には、1日で1,552万円を売った日（9月22日）があります。/)).toBeTruthy();
    expect(screen.getByText('3回以上買った人が、60日より長く来ていません')).toBeTruthy();
  });

  it('leads from a finding to a campaign for its people', async () => {
    await renderApp('/', { 'GET /api/insights/home': () => HOME });
    const link = await screen.findByRole('link', { name: /施策をつくる：/ });
    const address = new URL(link.getAttribute('href') ?? '', 'http://shop');
    expect(address.pathname).toBe('/campaigns/new');
    expect(address.searchParams.get('tree')).toContain('recency');
  });

  it('opens the people behind a figure', async () => {
    const { calls, router, user } = await renderApp('/', {
      'GET /api/insights/home': () => HOME,
      'POST /api/selections': () => ({ selection_id: 's1', count: 1420, title: '買った人' }),
      'GET /api/customers': () => ({ items: [], next_cursor: null, total: 0 }),
    });
    await user.click(await screen.findByRole('button', { name: '買った1,420人を見る' }));
    await waitFor(() => expect(router.state.location.pathname).toBe('/customers'));
    expect(calls.find((call) => call.path === '/api/selections')?.body).toEqual({
      people: 'buyers',
      title: '10月17日〜11月13日に買った人',
    });
    expect(router.state.location.search).toEqual({ selection: 's1', title: '買った人' });
  });

  it('teaches when there is nothing yet', async () => {
    const empty = { ...HOME, orders: { now: 0, before: 0, change: 0 } };
    await renderApp('/', { 'GET /api/insights/home': () => empty });
    expect(await screen.findByRole('link', { name: '注文を取り込む' })).toBeTruthy();
  });

  it('says what went wrong and offers to try again', async () => {
    await renderApp('/', {
      'GET /api/insights/home': () => problem(503, 'busy', '計算が混み合っています。'),
    });
    expect((await screen.findByRole('alert')).textContent).toContain('計算が混み合っています。');
    expect(screen.getByRole('button', { name: 'もう一度' })).toBeTruthy();
  });

  it('asks a signed-out visitor to sign in and remembers where to go', async () => {
    const { router } = await renderApp('/insights/rfm?view=sales', {
      'GET /api/me': () => problem(401, 'signed_out'),
      'GET /api/setup': () => ({ needed: false }),
    });
    await waitFor(() => expect(router.state.location.pathname).toBe('/sign-in'));
    expect(router.state.location.search).toEqual({ next: '/insights/rfm?view=sales' });
  });
});
