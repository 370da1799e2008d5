/** A new campaign, by what a person sees and does. */
import { screen, waitFor } from '@testing-library/react';
import { afterEach, beforeAll, expect, it } from 'vitest';
import type { Campaign } from '../../api/types';
import { changeLanguage } from '../../i18n/i18n';
import { type Answers, problem, renderApp } from '../../testing/render';
import { DRAFT } from './fixture';

// A text area that grows with its text listens to fonts, which jsdom does not have.
beforeAll(() => {
  Object.defineProperty(document, 'fonts', { configurable: true, value: new EventTarget() });
});

afterEach(() => changeLanguage('ja'));

const tree = { kind: 'reachable', channel: 'email' };
const address = `/campaigns/new?tree=${encodeURIComponent(JSON.stringify(tree))}&name=届く人`;
const answers: Answers = {
  'GET /api/templates': () => [],
  'GET /api/products': () => [],
  'GET /api/segments': () => ({ items: [], next_cursor: null }),
  'POST /api/segments/preview': () => ({ count: 423, of: 1000, sample: [], text: '', took_ms: 1, tree }),
  'POST /api/segments': () => ({ segment_id: 'g1' }),
  'POST /api/campaigns': () => DRAFT,
  'GET /api/campaigns/k1': () => DRAFT,
};
const button = () => screen.findByRole('button', { name: '下書きをつくる' });

it('keeps the people as one segment, also when the campaign needs a second try', async () => {
  let isBroken = true;
  const { user, calls, router } = await renderApp(address, {
    ...answers,
    'POST /api/campaigns': () => (isBroken ? problem(503, 'unexpected') : DRAFT),
  });
  await user.click(await button());
  await screen.findByText(/思いがけない/);
  isBroken = false;
  await user.click(await button());
  await waitFor(() => expect(router.state.location.pathname).toBe('/campaigns/k1'));
  expect(calls.filter((call) => call.method === 'POST' && call.path === '/api/segments').length).toBe(1);
  expect(calls.filter((call) => call.path === '/api/campaigns').at(-1)?.body).toMatchObject({
    segment_id: 'g1',
  });
});

it('makes one draft, however often the button is pressed, and the list knows it at once', async () => {
  let items: Campaign[] = [];
  const { user, calls, router } = await renderApp('/campaigns', {
    ...answers,
    'GET /api/campaigns': () => ({ items, next_cursor: null }),
    'POST /api/campaigns': () => {
      items = [DRAFT];
      return DRAFT;
    },
  });
  await screen.findByRole('heading', { name: 'まだキャンペーンがありません' });
  await router.navigate({ to: '/campaigns/new', search: { tree: JSON.stringify(tree) } });
  await user.dblClick(await button());
  await waitFor(() => expect(router.state.location.pathname).toBe('/campaigns/k1'));
  await router.navigate({ to: '/campaigns' });
  expect(await screen.findByRole('link', { name: 'おひさしぶりです' })).toBeTruthy();
  expect(calls.filter((call) => call.method === 'POST' && call.path === '/api/campaigns').length).toBe(1);
});

it('offers and begins the ready mails in the language of the screen', async () => {
  await changeLanguage('en');
  const { user, calls } = await renderApp(address, answers);
  await user.click(await screen.findByRole('button', { name: 'Create the draft' }));
  await waitFor(() =>
    expect(calls.find((call) => call.path === '/api/campaigns')?.body).toMatchObject({
      template: 'long_time',
      language: 'en',
    }),
  );
  expect(calls.find((call) => call.path === '/api/templates')?.query.get('language')).toBe('en');
});
