/** The result page by what a person reads on it. */
import { screen, waitFor } from '@testing-library/react';
import { beforeAll, expect, it } from 'vitest';
import type { Arm, CampaignResult } from '../../api/types';
import { problem, renderApp } from '../../testing/render';

const arm = (assigned: number, buyers: number, sent: number | null): Arm => ({
  assigned,
  buyers,
  rate: buyers / assigned,
  sales_per_head: { minor: 20_000, currency: 'JPY' },
  sent,
  opened: null,
  clicked: null,
  unsubscribed: null,
  people: 'p',
  buyers_people: 'q',
});
// A text area that grows with its text listens to fonts, which jsdom does not have.
beforeAll(() => {
  Object.defineProperty(document, 'fonts', { configurable: true, value: new EventTarget() });
});

const result: CampaignResult = {
  campaign_id: 'k1',
  name: 'おひさしぶりです',
  is_simulated: false,
  true_effect: null,
  day_n: 28,
  window_days: 28,
  from: '2026-11-13',
  to: '2026-12-11',
  segment_text: '常連',
  verdict: 'no_difference',
  headline: { code: 'result_no_difference', params: {} },
  treated: arm(382, 124, 382),
  control: arm(41, 10, null),
  rate: { estimate: 0.081, low: -0.076, high: 0.197 },
  sales: { estimate: 3520, low: -12_700, high: 14_900, currency: 'JPY' },
  harm: { unsubscribed: 3, rate: 0.008, usual: 0.004, stop_line: 0.02, complaints: 0, stopped: false },
  daily: [
    { day: 0, treated: 0, control: 0 },
    { day: 28, treated: 0.325, control: 0.244 },
  ],
  method: '',
  left_out: { merged: 0 },
  next: { holdout: 0.3 },
  buyers_people: 'z',
};
const show = (changed: Partial<CampaignResult>) =>
  renderApp('/results/k1', { 'GET /api/campaigns/k1/result': () => ({ ...result, ...changed }) });

it('says the finding first, with its figures', async () => {
  await show({});
  expect((await screen.findByRole('heading', { level: 1 })).textContent).toContain(
    '差は偶然と見分けられません',
  );
  expect(screen.getByText('+8.1ポイント')).toBeTruthy();
  expect(screen.getByText('（−7.6〜+19.7）。')).toBeTruthy();
  expect(screen.getByRole('heading', { name: 'どちらの区間も「差なし」をまたいでいます' })).toBeTruthy();
  expect(screen.getByRole('button', { name: '比較を30 %にしてもう一度' })).toBeTruthy();
});

it('gives no verdict and no interval before the window ends', async () => {
  await show({ verdict: 'measuring', day_n: 9, rate: null, sales: null, next: null });
  expect((await screen.findByRole('heading', { level: 1 })).textContent).toContain('計測中です');
  expect(screen.getByText('9日目／28日')).toBeTruthy();
  expect(screen.getByText(/あと19日で結果が出ます/)).toBeTruthy();
  expect(screen.queryByText(/ポイント（−/)).toBeNull();
});

it('prints the true effect of a simulation', async () => {
  await show({ is_simulated: true, true_effect: 0.06, verdict: 'more' });
  expect(await screen.findByText('シミュレーション：本当の効果は +6.0 ポイント')).toBeTruthy();
});

it('makes one copy to send again, however often the button is pressed', async () => {
  const sent = {
    campaign_id: 'k1',
    segment_id: 'g1',
    tree: null,
    mail: { subject: '', blocks: [], mjml: null },
  };
  const draft = { ...sent, campaign_id: 'k2', name: '', state: 'draft', version: 1, problems: [], people: 1 };
  const slowly = <T,>(value: T) => new Promise<T>((answer) => setTimeout(() => answer(value), 50));
  const { user, calls, router } = await renderApp('/results/k1', {
    'GET /api/campaigns/k1/result': () => result,
    'GET /api/campaigns/k1': () => slowly(sent),
    'POST /api/campaigns': () => draft,
    'PUT /api/campaigns/k2': () => draft,
    'GET /api/campaigns/k2': () => slowly(draft),
    'POST /api/campaigns/k2/preview': () => problem(422, 'mail_empty'),
    'GET /api/products': () => [],
  });
  const button = await screen.findByRole('button', { name: '比較を30 %にしてもう一度' });
  await user.click(button);
  await waitFor(() => expect(button).toBeDisabled());
  await waitFor(() => expect(calls.some((call) => call.method === 'PUT')).toBe(true));
  expect(button).toBeDisabled();
  await waitFor(() => expect(router.state.location.pathname).toBe('/campaigns/k2'));
});

it('opens the people behind a figure once, however often it is pressed', async () => {
  const { user, calls, router } = await renderApp('/results/k1', {
    'GET /api/campaigns/k1/result': () => result,
    'POST /api/selections': () =>
      new Promise((answer) => setTimeout(() => answer({ selection_id: 's1', count: 1, title: '' }), 80)),
    'GET /api/customers': () => ({ items: [], next_cursor: null, total: 0 }),
  });
  const door = await screen.findByRole('button', { name: 'この124人を見る' });
  await user.click(door);
  await waitFor(() => expect(door).toHaveAttribute('aria-busy', 'true'));
  await user.click(door);
  await waitFor(() => expect(router.state.location.pathname).toBe('/customers'));
  expect(calls.filter((call) => call.path === '/api/selections').length).toBe(1);
});

it('promises no verdict in the demo where the orders end before', async () => {
  const view = await show({ verdict: 'measuring', day_n: 8 });
  expect(await screen.findByText(/あと20日で結果が出ます/)).toBeTruthy();
  view.unmount();
  await show({ verdict: 'measuring', day_n: 8, to: '2026-12-12' });
  expect(await screen.findByText(/デモの注文は12月11日までです。/)).toBeTruthy();
  expect(screen.queryByText(/あと20日で結果が出ます/)).toBeNull();
});
