/** Settings: what is typed stays until it is saved or taken back. */
import { screen, waitFor, within } from '@testing-library/react';
import { beforeAll, describe, expect, it } from 'vitest';
import type { MailSettings, Operator } from '../../api/types';
import { type Answers, problem, renderApp } from '../../testing/render';

// A text area that grows with its text listens to fonts, which jsdom does not have.
beforeAll(() => {
  Object.defineProperty(document, 'fonts', { configurable: true, value: new EventTarget() });
});

const MAIL: MailSettings = {
  from_name: 'みなと雑貨店',
  from_address: 'letter@example.com',
  footer_address: '神戸市中央区1-1',
  cap_days: 7,
  cap_max: 1,
  hold_unknown: false,
  smtp: { host: 'smtp.example.com', port: 587, security: 'starttls', username: 'najimi', has_password: true },
};
const aDayPasses: Answers = {
  'POST /api/demo/advance': () => ({ job_id: 'j1' }),
  'GET /api/jobs/j1': () => ({
    job_id: 'j1',
    kind: 'demo',
    state: 'done',
    progress: { done: 1, total: 1, note: '' },
    error: null,
  }),
};
const crumb = () => screen.getByRole('navigation', { name: '部屋' });

describe('the mail settings', () => {
  it('keep what is being typed when somebody else saves, and show what they saved', async () => {
    let saved = MAIL;
    const { user, calls } = await renderApp('/settings/mail', {
      ...aDayPasses,
      'GET /api/settings/mail': () => saved,
      'PUT /api/settings/mail': ({ body }) => body,
    });
    await user.type(await screen.findByLabelText('差出人の名前'), '！');
    saved = { ...MAIL, footer_address: '大阪市北区2-2' };
    await user.click(screen.getByRole('button', { name: /1日すすめる/ }));
    expect(await screen.findByDisplayValue('大阪市北区2-2')).toBeTruthy();
    expect(screen.getByLabelText('差出人の名前')).toHaveValue('みなと雑貨店！');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    await user.click(screen.getByRole('button', { name: '保存する' }));
    await waitFor(() =>
      expect(calls.find((call) => call.method === 'PUT')?.body).toMatchObject({
        from_name: 'みなと雑貨店！',
        footer_address: '大阪市北区2-2',
      }),
    );
    expect(await screen.findByText('保存済みです')).toBeTruthy();
  });

  it('ask before they are left unsaved', async () => {
    const { user, router } = await renderApp('/settings/mail', { 'GET /api/settings/mail': () => MAIL });
    await user.type(await screen.findByLabelText('差出人の名前'), '！');
    await user.click(within(crumb()).getByRole('link', { name: '顧客' }));
    await user.click(await screen.findByRole('button', { name: 'このページに残る' }));
    expect(router.state.location.pathname).toBe('/settings/mail');
    expect(screen.getByLabelText('差出人の名前')).toHaveValue('みなと雑貨店！');
  });

  it('bring the saved connection back when it is switched off and on', async () => {
    const { user } = await renderApp('/settings/mail', { 'GET /api/settings/mail': () => MAIL });
    const use = await screen.findByRole('switch');
    await user.click(use);
    await user.click(use);
    expect(screen.getByDisplayValue('smtp.example.com')).toBeTruthy();
  });

  it.each([
    ['14', 14],
    ['１４', 14],
  ])('take a number that is typed anew: %s', async (text, days) => {
    const { user, calls } = await renderApp('/settings/mail', {
      'GET /api/settings/mail': () => MAIL,
      'PUT /api/settings/mail': ({ body }) => body,
    });
    const field = await screen.findByLabelText('日数');
    await user.clear(field);
    await user.type(field, text);
    expect(field).toHaveValue('14');
    await user.click(screen.getByRole('button', { name: '保存する' }));
    await waitFor(() =>
      expect(calls.find((call) => call.method === 'PUT')?.body).toMatchObject({ cap_days: days }),
    );
  });
});

it('a number that cannot be is told, and the one that counts comes back', async () => {
  const { user } = await renderApp('/settings/mail', { 'GET /api/settings/mail': () => MAIL });
  const field = await screen.findByLabelText('日数');
  await user.clear(field);
  expect(screen.getByText('1から365までの数を入れてください')).toBeTruthy();
  await user.tab();
  expect(field).toHaveValue('7');
});

describe('the team', () => {
  const team: Operator[] = [
    { operator_id: 'o2', name: '田中', email: 't@example.com', role: 'viewer' } as Operator,
  ];

  it('shows the role that was chosen at once, and goes back when it was refused', async () => {
    let answer: () => void = () => {};
    const waiting = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const { user } = await renderApp('/settings/operators', {
      'GET /api/operators': () => ({ items: team, next_cursor: null }),
      'PUT /api/operators/o2': async () => {
        await waiting;
        return problem(403, 'forbidden');
      },
    });
    const role = (await screen.findByLabelText(/田中/)) as HTMLSelectElement;
    await user.selectOptions(role, 'marketer');
    expect(role.value).toBe('marketer');
    expect(role).toBeDisabled();
    answer();
    await waitFor(() => expect(role.value).toBe('viewer'));
  });
});
