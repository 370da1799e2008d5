/** Building a segment by what a person sees and does. */
import { screen, waitFor, within } from '@testing-library/react';
import { beforeAll, describe, expect, it } from 'vitest';
import type { SegmentTree } from '../../api/types';
import { type Answers, problem, renderApp } from '../../testing/render';

// A text area that grows with its text listens to fonts, which jsdom does not have.
beforeAll(() => {
  Object.defineProperty(document, 'fonts', { configurable: true, value: new EventTarget() });
});

const person = {
  customer_id: 'c1',
  number: '16928',
  name: '森下 千尋',
  kana: 'モリシタ チヒロ',
  company: null,
  email_masked: null,
  prefecture: '京都府',
  orders: 17,
  sales: { minor: 417225, currency: 'JPY' },
  last_order_day: '2026-09-22',
  days_since: 52,
  is_member_only: false,
};
const often: SegmentTree = { kind: 'count', event: 'order', window: 'ever', is: 'gte', value: 3 };
const preview = ({ body }: { body: unknown }) => ({
  count: 423,
  of: 21711,
  sample: [person],
  text: 'count(order) >= 3',
  took_ms: 38,
  tree: (body as { tree: SegmentTree }).tree ?? { kind: 'reachable', channel: 'email' },
});
const answers: Answers = { 'POST /api/segments/preview': preview };

/** The menu fades in; `hidden` finds its items while it does. */
async function addOrders(user: Awaited<ReturnType<typeof renderApp>>['user']) {
  await user.click(await screen.findByRole('button', { name: '条件を足す' }));
  await user.click(await screen.findByRole('menuitem', { name: '注文の回数', hidden: true }));
}

describe('building a segment', () => {
  it('counts people while the sentence is written', async () => {
    const { user, calls } = await renderApp('/segments/new', answers);
    await addOrders(user);
    expect(await screen.findByText('423')).toBeTruthy();
    expect(screen.getByText('森下 千尋')).toBeTruthy();
    const times = screen.getByRole('textbox', { name: '回数' });
    await user.clear(times);
    await user.type(times, '１０');
    await waitFor(() => {
      const last = calls.filter((call) => call.path === '/api/segments/preview').at(-1)?.body;
      expect(last).toMatchObject({ tree: { kind: 'and', of: [{ kind: 'count', value: 10 }] } });
    });
  });

  it('says what is missing on the condition itself, and asks the server nothing', async () => {
    const { user, calls } = await renderApp('/segments/new', answers);
    await user.click(await screen.findByRole('button', { name: '条件を足す' }));
    await user.click(await screen.findByRole('menuitem', { name: '買った商品', hidden: true }));
    expect((await screen.findByRole('alert')).textContent).toContain('商品を選んでください');
    expect(calls.some((call) => call.path === '/api/segments/preview')).toBe(false);
    expect(screen.getByRole('button', { name: '保存する' }).getAttribute('aria-disabled')).toBe('true');
  });

  it('takes an edit back with Ctrl+Z and does it again', async () => {
    const { user } = await renderApp('/segments/new', answers);
    await addOrders(user);
    await user.click(screen.getByRole('button', { name: 'この条件を消す' }));
    expect(screen.queryByRole('textbox', { name: '回数' })).toBeNull();
    await user.keyboard('{Control>}z{/Control}');
    expect(screen.getByRole('textbox', { name: '回数' })).toBeTruthy();
    await user.keyboard('{Control>}{Shift>}z{/Shift}{/Control}');
    expect(screen.queryByRole('textbox', { name: '回数' })).toBeNull();
  });

  it('shows on its row what the server refuses', async () => {
    const refuse = () => problem(422, 'segment_invalid', 'condition `count`: the number must be smaller');
    const { user } = await renderApp('/segments/new', { 'POST /api/segments/preview': refuse });
    await addOrders(user);
    const row = (await screen.findByText(/この条件はサーバーで使えません/)).closest('li') as HTMLElement;
    expect(within(row).getByRole('textbox', { name: '回数' })).toBeTruthy();
  });

  it('explains why somebody is not in it', async () => {
    const { user } = await renderApp('/segments/new', {
      ...answers,
      'GET /api/customers': () => ({ items: [person], next_cursor: null }),
      'POST /api/segments/why': () => ({
        is_member: false,
        why: [],
        missing: [{ code: 'count', params: { condition: often, own: 1, is_wanted: true } }],
      }),
    });
    await addOrders(user);
    await screen.findByText('423');
    await user.type(screen.getByRole('textbox', { name: '人をさがす' }), 'モリシタ');
    await user.click(await screen.findByRole('button', { name: /森下 千尋 モリシタ/ }));
    expect(await screen.findByText('森下 千尋さんは入っていません')).toBeTruthy();
    expect(screen.getByText(/注文/, { selector: 'aside li, aside li *' })).toBeTruthy();
  });

  it('tells who was first when two people change one segment', async () => {
    const saved = {
      segment_id: 'g1',
      name: '常連',
      count: 1,
      counted_at: null,
      text: '',
      version: 3,
      updated_at: '2026-11-13T03:00:00Z',
      tree: { kind: 'reachable', channel: 'email' },
    };
    const { user } = await renderApp('/segments/g1', {
      ...answers,
      'GET /api/segments/g1': () => saved,
      'PUT /api/segments/g1': () => problem(409, 'version_conflict'),
    });
    await user.type(await screen.findByRole('textbox', { name: 'セグメントの名前' }), '2');
    await user.click(screen.getByRole('button', { name: '変更を保存する' }));
    expect(await screen.findByText(/ほかの人が先に変更しました/)).toBeTruthy();
  });
});
