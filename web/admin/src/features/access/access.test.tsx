/** Signing in and the first set-up, by what a person does. */
import { screen, waitFor } from '@testing-library/react';
import { expect, it } from 'vitest';
import { ME, problem, renderApp } from '../../testing/render';

const home = { 'GET /api/insights/home': () => problem(503, 'unexpected') };

it('presses the button of a one-time link by itself, once', async () => {
  const { calls, router } = await renderApp('/sign-in?token=abc123', {
    ...home,
    'POST /api/session/link': () => ME,
  });
  await waitFor(() => expect(router.state.location.pathname).toBe('/'));
  expect(calls.filter((call) => call.path === '/api/session/link').map((call) => call.body)).toEqual([
    { token: 'abc123' },
  ]);
});

it('says what to do when the link was used before', async () => {
  await renderApp('/sign-in?token=abc123', { 'POST /api/session/link': () => problem(401, 'link_invalid') });
  expect(await screen.findByText('このリンクは使えません')).toBeTruthy();
  expect(screen.getByRole('button', { name: 'メールアドレスとパスワードで入る' })).toBeTruthy();
});

it('signs in by password and goes where one wanted to go', async () => {
  const { user, calls, router } = await renderApp('/sign-in?next=/segments', {
    'POST /api/session': () => ME,
    'GET /api/segments': () => ({ items: [], next_cursor: null }),
  });
  await user.type(await screen.findByLabelText('メールアドレス'), 'saeki@example.com');
  await user.type(screen.getByLabelText('パスワード'), 'a long password');
  await user.click(screen.getByRole('button', { name: 'サインインする' }));
  await waitFor(() => expect(router.state.location.pathname).toBe('/segments'));
  expect(calls.find((call) => call.path === '/api/session')?.body).toEqual({
    email: 'saeki@example.com',
    password: 'a long password',
  });
});

it('tells a wrong password kindly', async () => {
  const { user } = await renderApp('/sign-in', { 'POST /api/session': () => problem(401, 'sign_in_failed') });
  await user.type(await screen.findByLabelText('メールアドレス'), 'saeki@example.com');
  await user.type(screen.getByLabelText('パスワード'), 'wrong');
  await user.click(screen.getByRole('button', { name: 'サインインする' }));
  expect(await screen.findByText(/メールアドレスかパスワードが違います/)).toBeTruthy();
});

it('keeps what an administrator must know away from everybody else', async () => {
  const { user } = await renderApp('/sign-in', {});
  const help = await screen.findByText('サインインできないとき');
  expect(help.closest('details')?.open).toBe(false);
  await user.click(help);
  expect(screen.getByText(/社内の管理者に新しいリンクを頼んでください/)).toBeVisible();
  expect(screen.getByText(/^najimi operator link/)).toBeVisible();
});

it('leads the first operator through the set-up, with Tokyo and yen at hand', async () => {
  const { user, calls } = await renderApp('/setup?token=once', {
    ...home,
    'GET /api/setup': () => ({ needed: true }),
    'POST /api/setup': () => ME,
  });
  await user.type(await screen.findByLabelText('会社・お店の名前'), 'みなと雑貨店');
  await user.click(screen.getByRole('button', { name: '次へ' }));
  await user.type(screen.getByLabelText('お名前'), '佐伯 由佳');
  await user.type(screen.getByLabelText('メールアドレス'), 'saeki@example.com');
  await user.type(screen.getByLabelText('パスワード'), 'a long password');
  await user.click(screen.getByRole('button', { name: 'はじめる' }));
  await waitFor(() =>
    expect(calls.find((call) => call.method === 'POST')?.body).toMatchObject({
      token: 'once',
      company: 'みなと雑貨店',
      zone: 'Asia/Tokyo',
      currency: 'JPY',
      operator_name: '佐伯 由佳',
    }),
  );
});

it('does not let a stranger set the installation up', async () => {
  await renderApp('/setup', { 'GET /api/setup': () => ({ needed: true }) });
  expect(await screen.findByText('設定用のリンクから開いてください')).toBeTruthy();
});
