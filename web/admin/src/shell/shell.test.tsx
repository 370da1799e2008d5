import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { HOME } from '../features/home/fixture';
import { changeLanguage } from '../i18n/i18n';
import { ME, renderApp } from '../testing/render';
import { isWithin, roomsFor } from './rooms';

const ANSWERS = { 'GET /api/insights/home': () => HOME };

describe('rooms', () => {
  it('lead to the first page that the operator may see, and are left out when there is none', () => {
    const rooms = roomsFor((permission) => permission === 'audit.read' || permission === 'customers.read');
    expect(rooms.map((room) => [room.key, room.to])).toEqual([
      ['customers', '/customers'],
      ['data', '/settings/audit'],
    ]);
  });

  it('keep a detail page under its list', () => {
    expect(isWithin('/campaigns', '/messages/m1')).toBe(true);
    expect(isWithin('/customers', '/customers/c1')).toBe(true);
    expect(isWithin('/', '/customers')).toBe(false);
  });
});

describe('the demo clock', () => {
  it('lets a day pass, shows the job and asks for everything again', async () => {
    let today = '2026-11-13';
    const { user, calls } = await renderApp('/', {
      ...ANSWERS,
      'GET /api/me': () => ({ ...ME, demo: { ...ME.demo, today } }),
      'POST /api/demo/advance': () => ({ job_id: 'j1' }),
      'GET /api/jobs/j1': () => {
        today = '2026-11-14';
        return {
          job_id: 'j1',
          kind: 'demo',
          state: 'done',
          progress: { done: 1, total: 1, note: '' },
          error: null,
        };
      },
    });
    await user.click(await screen.findByRole('button', { name: /1日すすめる/ }));
    expect(await screen.findByText('2026年11月14日（土）')).toBeTruthy();
    expect(calls.find((call) => call.path === '/api/demo/advance')?.body).toEqual({ days: 1 });
    await waitFor(() => expect(calls.filter((call) => call.path === '/api/insights/home').length).toBe(2));
  });

  it('says why it cannot go further', async () => {
    const { user, calls } = await renderApp('/', {
      ...ANSWERS,
      'GET /api/me': () => ({ ...ME, demo: { ...ME.demo, can_advance: false } }),
    });
    const button = await screen.findByRole('button', { name: /1日すすめる/ });
    expect(button.getAttribute('aria-disabled')).toBe('true');
    await user.hover(button);
    expect((await screen.findByRole('tooltip')).textContent).toContain('2026年12月11日までです');
    await user.click(button);
    expect(calls.some((call) => call.path === '/api/demo/advance')).toBe(false);
  });
});

describe('the shell', () => {
  it('changes the language of everything at once', async () => {
    await renderApp('/', ANSWERS);
    const switcher = await screen.findByRole('group', { name: '言語' });
    await changeLanguage('en');
    await waitFor(() => expect(screen.getByRole('group', { name: 'Language' })).toBe(switcher));
    expect(document.documentElement.lang).toBe('en');
    expect(await screen.findByText('Sales', { exact: false, selector: 'h2 *' })).toBeTruthy();
    await changeLanguage('ja');
  });

  it('finds pages in the command palette', async () => {
    const { user, router } = await renderApp('/', {
      ...ANSWERS,
      'GET /api/customers': () => ({ items: [], next_cursor: null, total: 0 }),
      'GET /api/segments': () => ({ items: [], next_cursor: null }),
      'GET /api/campaigns': () => ({ items: [], next_cursor: null }),
      'GET /api/insights/decile': () => ({ rows: [], total: { minor: 0, currency: 'JPY' } }),
    });
    await screen.findByRole('heading', { level: 1 });
    await user.keyboard('{Control>}k{/Control}');
    const dialog = await screen.findByRole('dialog');
    await user.type(within(dialog).getByRole('textbox'), 'デシル');
    await user.click(await within(dialog).findByText('デシル'));
    await waitFor(() => expect(router.state.location.pathname).toBe('/insights/decile'));
  });

  it('finds customers, segments and campaigns in the command palette, by what the operator may see', async () => {
    const { user, router, calls } = await renderApp('/', {
      ...ANSWERS,
      'GET /api/me': () => ({ ...ME, permissions: ['insights.read', 'segments.read', 'customers.read'] }),
      'GET /api/customers': () => ({
        items: [
          { customer_id: 'c1', name: '佐藤 花子', kana: 'サトウ ハナコ', company: null, number: 'C-1' },
        ],
        next_cursor: null,
      }),
      'GET /api/segments': () => ({
        items: [
          { segment_id: 's1', name: '佐藤さんたち' },
          { segment_id: 's2', name: '休眠' },
        ],
        next_cursor: null,
      }),
    });
    await screen.findByRole('heading', { level: 1 });
    await user.keyboard('{Control>}k{/Control}');
    const dialog = await screen.findByRole('dialog');
    await user.type(within(dialog).getByRole('textbox'), '佐藤');
    expect(await within(dialog).findByText('佐藤さんたち')).toBeTruthy();
    expect(within(dialog).queryByText('休眠')).toBeNull();
    await user.click(await within(dialog).findByText('佐藤 花子'));
    await waitFor(() => expect(router.state.location.pathname).toBe('/customers/c1'));
    const asked = calls.filter((call) => call.path === '/api/customers');
    expect(asked.at(-1)?.query.get('search')).toBe('佐藤');
    expect(calls.some((call) => call.path === '/api/campaigns')).toBe(false);
  });

  it('takes somebody who may not see insights to the first room that is open', async () => {
    const { router } = await renderApp('/', {
      'GET /api/me': () => ({ ...ME, role: 'clerk', permissions: ['customers.read'] }),
      'GET /api/customers': () => ({ items: [], next_cursor: null, total: 0 }),
    });
    await waitFor(() => expect(router.state.location.pathname).toBe('/customers'));
  });

  it('shows a page that teaches when the address leads nowhere', async () => {
    await renderApp('/no-such-page', ANSWERS);
    expect(await screen.findByRole('heading', { name: 'このページはありません' })).toBeTruthy();
  });
});
