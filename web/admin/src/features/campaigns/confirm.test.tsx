/** 送信前の確認 by what a person sees and does. */
import { screen, waitFor } from '@testing-library/react';
import { beforeAll, expect, it } from 'vitest';
import type { Campaign, Confirm } from '../../api/types';
import { type Answers, ME, problem, renderApp } from '../../testing/render';
import { DRAFT as campaign } from './fixture';

// A text area that grows with its text listens to fonts, which jsdom does not have.
beforeAll(() => {
  Object.defineProperty(document, 'fonts', { configurable: true, value: new EventTarget() });
});

const confirmAt = (holdout: number): Confirm => ({
  chosen: 423,
  sendable: 320,
  control: Math.round(320 * holdout),
  send: 320 - Math.round(320 * holdout),
  steps: [
    { code: 'no_consent', count: 93, people: 'a' },
    { code: 'bad_address', count: 4, people: 'b' },
    { code: 'suppressed', count: 6, people: 'c' },
    { code: 'recently_sent', count: 0, people: 'd' },
  ],
  chosen_people: 'e',
  sendable_people: 'f',
  base_rate: 0.244,
  detectable: [
    { holdout: 0.1, points: 0.217, control: 32 },
    { holdout: 0.3, points: 0.147, control: 96 },
  ],
  delivery: 'capture',
  cap: { days: 7, max: 1 },
  result_on: '2026-12-11',
  problems: [],
  warnings: [],
});
const answers: Answers = {
  'GET /api/campaigns/k1': () => campaign,
  'GET /api/campaigns/k1/confirm': ({ query }) => confirmAt(Number(query.get('holdout'))),
  'GET /api/campaigns/k1/delivery': () => ({
    queued: 288,
    claimed: 0,
    handed: 0,
    accepted: 0,
    captured: 0,
    failed: 0,
    unknown: 0,
    held: 0,
    skipped: [],
    total: 288,
    rate_per_s: null,
  }),
  'GET /api/campaigns/k1/messages': () => ({ items: [], next_cursor: null }),
};
const heading = () => screen.findByRole('heading', { level: 2, name: /人に送り/ });

it('says in one sentence how many get it and how many are kept to compare', async () => {
  await renderApp('/campaigns/k1/confirm', answers);
  expect((await heading()).textContent).toContain('288人に送り、32人を比べるために残します');
  expect(screen.getByText('−93')).toBeTruthy();
  expect(screen.getByRole('heading', { name: /\+22ポイント/ })).toBeTruthy();
  expect(screen.getByText(/商品2点・ボタン1つ/)).toBeTruthy();
  expect(screen.getByText('保存のみ')).toBeTruthy();
});

it('opens the people behind a door, and has no door where nobody leaves', async () => {
  await renderApp('/campaigns/k1/confirm', answers);
  await heading();
  expect(screen.getByRole('button', { name: '同意なし（−93）の人を見る' })).toBeTruthy();
  expect(screen.queryByRole('button', { name: /最近送った/ })).toBeNull();
});

it('saves another share of the comparison group and counts again', async () => {
  let saved = campaign;
  const { user, calls } = await renderApp('/campaigns/k1/confirm', {
    ...answers,
    'PUT /api/campaigns/k1': ({ body }) => {
      saved = { ...saved, holdout: (body as Campaign).holdout, version: 5 };
      return saved;
    },
  });
  await heading();
  await user.click(screen.getByRole('radio', { name: '30 %' }));
  await waitFor(async () => expect((await heading()).textContent).toContain('224人に送り、96人'));
  expect(calls.find((call) => call.method === 'PUT')?.body).toMatchObject({ holdout: 0.3, version: 4 });
});

it('captures with one press, never says delivered, and goes on to the delivery', async () => {
  const { user, calls, router } = await renderApp('/campaigns/k1/confirm', {
    ...answers,
    'POST /api/campaigns/k1/send': () => ({ ...campaign, state: 'sending' }),
  });
  await user.click(await screen.findByRole('button', { name: '288通を保存する' }));
  await waitFor(() => expect(router.state.location.pathname).toBe('/campaigns/k1/delivery'));
  expect(calls.find((call) => call.path.endsWith('/send'))?.body).toEqual({ at: null, version: 4 });
});

it('says why it cannot be sent yet', async () => {
  const { user, calls } = await renderApp('/campaigns/k1/confirm', {
    ...answers,
    'GET /api/campaigns/k1/confirm': () => ({
      ...confirmAt(0.1),
      problems: [problem(422, 'subject_missing')],
    }),
  });
  const button = await screen.findByRole('button', { name: '288通を保存する' });
  expect(button.getAttribute('aria-disabled')).toBe('true');
  expect(screen.getByText('件名がありません')).toBeTruthy();
  expect(screen.getByText('なおすところが1つあります')).toBeTruthy();
  await user.click(button);
  expect(calls.some((call) => call.path.endsWith('/send'))).toBe(false);
});

it('names every button that leads nowhere', async () => {
  const missing = problem(422, 'link_missing', 'a button has no link');
  await renderApp('/campaigns/k1/confirm', {
    ...answers,
    'GET /api/campaigns/k1/confirm': () => ({ ...confirmAt(0.1), problems: [missing, missing] }),
  });
  expect((await screen.findAllByText('ボタンに行き先がありません')).length).toBe(2);
});

it('lets somebody look who may not send', async () => {
  const permissions = ME.permissions.filter((one) => one !== 'campaigns.send');
  await renderApp('/campaigns/k1/confirm', { ...answers, 'GET /api/me': () => ({ ...ME, permissions }) });
  expect((await screen.findByRole('button', { name: '288通を保存する' })).getAttribute('aria-disabled')).toBe(
    'true',
  );
  expect(screen.getByText(/送る権限がありません/)).toBeTruthy();
});

it('says what would embarrass, leads to its block, and lets it be sent', async () => {
  const warnings = [{ code: 'link_placeholder' as const, block: 1, what: 'https://example.com/' }];
  const { router, user } = await renderApp('/campaigns/k1/confirm', {
    ...answers,
    'GET /api/campaigns/k1/confirm': () => ({ ...confirmAt(0.1), warnings }),
    'POST /api/campaigns/k1/preview': () => problem(503, 'unexpected'),
    'GET /api/products': () => [],
  });
  expect(await screen.findByText('リンクの行き先が仮のままです：https://example.com/')).toBeTruthy();
  expect(screen.getByRole('button', { name: '288通を保存する' })).not.toHaveAttribute('data-disabled');
  await user.click(screen.getByRole('link', { name: '2番目の「ボタン」をひらく' }));
  await waitFor(() => expect(router.state.location.pathname).toBe('/campaigns/k1'));
  await waitFor(() => expect(document.activeElement?.id).toBe('block-1'));
});

it('says in the demo when the orders end before the 28 days do', async () => {
  const view = await renderApp('/campaigns/k1/confirm', answers);
  await heading();
  expect(screen.queryByText(/デモの注文は/)).toBeNull();
  view.unmount();
  const late = { ...confirmAt(0.1), result_on: '2026-12-12' };
  await renderApp('/campaigns/k1/confirm', { ...answers, 'GET /api/campaigns/k1/confirm': () => late });
  expect(
    await screen.findByText('デモの注文は12月11日までです。このキャンペーンの28日は終わりません。'),
  ).toBeTruthy();
});
