/** Building a segment by what a person sees and does. */
import { screen, waitFor, within } from '@testing-library/react';
import { beforeAll, describe, expect, it } from 'vitest';
import type { SegmentTree } from '../../api/types';
import { type Answers, ME, problem, renderApp } from '../../testing/render';

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

  it('says that the count is that of before while a condition is unfinished', async () => {
    const { user } = await renderApp('/segments/new', answers);
    await addOrders(user);
    const count = await screen.findByText('423');
    expect(screen.queryByText(/条件が未完成です/)).toBeNull();
    await user.clear(screen.getByRole('textbox', { name: '回数' }));
    expect(await screen.findByText(/条件が未完成です/)).toBeTruthy();
    expect(count.closest('[data-outdated]')).toBeTruthy();
    expect(screen.queryByText('森下 千尋')).toBeNull();
  });

  it('calls a product by its name, with its code beside it', async () => {
    const tree: SegmentTree = { kind: 'and', of: [{ ...often, sku: 'A1' }] };
    await renderApp(`/segments/new?tree=${encodeURIComponent(JSON.stringify(tree))}`, {
      ...answers,
      'GET /api/products': () => [{ sku: 'A1', name: '白い皿', price: { minor: 100, currency: 'JPY' } }],
    });
    expect(await screen.findByRole('button', { name: '白い皿 A1' })).toBeTruthy();
    expect(await screen.findByText(/白い皿を買った注文が3回以上/)).toBeTruthy();
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
    const { user } = await renderApp('/segments/g1', {
      ...answers,
      'GET /api/segments/g1': () => saved,
      'PUT /api/segments/g1': () => problem(409, 'version_conflict'),
    });
    await user.type(await screen.findByRole('textbox', { name: 'セグメントの名前' }), '2');
    await user.click(screen.getByRole('button', { name: '変更を保存する' }));
    expect(await screen.findByText(/ほかの人が先に変更しました/)).toBeTruthy();
  });

  it('never saves over what somebody else saved while the page was open', async () => {
    let found = saved;
    const { user, calls } = await renderApp('/segments/g1', {
      ...answers,
      'GET /api/segments/g1': () => found,
      'PUT /api/segments/g1': () => problem(409, 'version_conflict'),
      'POST /api/demo/advance': () => ({ job_id: 'j1' }),
      'GET /api/jobs/j1': () => ({
        job_id: 'j1',
        kind: 'demo',
        state: 'done',
        progress: { done: 1, total: 1, note: '' },
        error: null,
      }),
    });
    const name = await screen.findByRole('textbox', { name: 'セグメントの名前' });
    found = { ...saved, version: 4, name: '別の人の名前' };
    // A day that passes makes the page ask for everything again.
    await user.click(screen.getByRole('button', { name: /1日すすめる/ }));
    await waitFor(() =>
      expect(calls.filter((call) => call.path === '/api/segments/g1').length).toBeGreaterThan(1),
    );
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    await user.type(name, '2');
    await user.click(screen.getByRole('button', { name: '変更を保存する' }));
    await waitFor(() =>
      expect(calls.find((call) => call.method === 'PUT')?.body).toMatchObject({ version: 3 }),
    );
  });
});

it('shows who is in a segment anew after its conditions were changed', async () => {
  let kept = saved;
  const { user, calls, router } = await renderApp('/customers?segment=g1', {
    ...answers,
    'GET /api/segments/g1': () => kept,
    'PUT /api/segments/g1': ({ body }) => {
      kept = { ...saved, ...(body as object), version: 4 };
      return kept;
    },
    'POST /api/selections': () => ({ selection_id: 's1', count: 1, title: '' }),
    'GET /api/customers': () => ({ items: [person], next_cursor: null, total: 1 }),
  });
  await screen.findByText('セグメント：常連');
  await router.navigate({ to: '/segments/$segmentId', params: { segmentId: 'g1' } });
  await addOrders(user);
  await user.click(screen.getByRole('button', { name: '変更を保存する' }));
  await screen.findByText('保存しました');
  await router.navigate({ to: '/customers', search: { segment: 'g1' } });
  await waitFor(() =>
    expect(calls.filter((call) => call.path === '/api/selections').at(-1)?.body).toMatchObject({
      segment: { kind: 'and' },
    }),
  );
});

describe('the list of segments', () => {
  const list = { 'GET /api/segments': () => ({ items: [saved], next_cursor: null }) };

  it('removes one once, however often the button is pressed, and brings it back once', async () => {
    const { user, calls } = await renderApp('/segments', {
      ...answers,
      ...list,
      'GET /api/segments/g1': () => new Promise((answer) => setTimeout(() => answer(saved), 100)),
      'DELETE /api/segments/g1': () => undefined,
      'POST /api/segments': () => saved,
    });
    const remove = await screen.findByRole('button', { name: '「常連」を消す' });
    await user.click(remove);
    await waitFor(() => expect(remove).toBeDisabled());
    await user.click(remove);
    await user.dblClick(await screen.findByRole('button', { name: '元にもどす' }));
    await waitFor(() => expect(calls.some((call) => call.method === 'POST')).toBe(true));
    expect(calls.filter((call) => call.method === 'DELETE').length).toBe(1);
    expect(calls.filter((call) => call.method === 'POST' && call.path === '/api/segments').length).toBe(1);
  });
});

describe('an amount of money', () => {
  /** The sum that was asked for last, in minor units. */
  async function typed(currency: string, text: string) {
    const { user, calls } = await renderApp('/segments/new', {
      ...answers,
      'GET /api/me': () => ({ ...ME, currency }),
    });
    await user.click(await screen.findByRole('button', { name: '条件を足す' }));
    await user.click(await screen.findByRole('menuitem', { name: /買上額/, hidden: true }));
    const amount = screen.getByRole('textbox', { name: '金額' });
    await user.clear(amount);
    await user.type(amount, text);
    await waitFor(() => expect(screen.getByText('423')).toBeTruthy());
    const shown = (amount as HTMLInputElement).value;
    const asked = calls.filter((call) => call.path === '/api/segments/preview').at(-1)?.body;
    return [shown, (asked as { tree: { of: { value: number }[] } }).tree.of[0]?.value];
  }

  it.each([
    ['GBP', '19.5', '19.5', 1950],
    ['GBP', '19.99', '19.99', 1999],
    ['GBP', '19.999', '19.99', 1999],
    ['GBP', '1.10', '1.10', 110],
    ['GBP', '１，２３４．５６', '1234.56', 123_456],
    ['KWD', '0.125', '0.125', 125],
    ['JPY', '１２，０００', '12000', 12_000],
  ])('in %s is typed as %s', async (currency, text, shown, minor) => {
    expect(await typed(currency, text)).toEqual([shown, minor]);
  });
});

describe('a segment that is not saved', () => {
  it('asks before it is left, and stays', async () => {
    const { user, router } = await renderApp('/segments/new', {
      ...answers,
      'GET /api/segments': () => ({ items: [], next_cursor: null }),
    });
    await addOrders(user);
    const crumbs = () => within(screen.getByRole('navigation', { name: 'いまいる場所' }));
    await user.click(crumbs().getByRole('link', { name: 'セグメント' }));
    await user.click(await screen.findByRole('button', { name: 'このページに残る' }));
    expect(router.state.location.pathname).toBe('/segments/new');
    expect(screen.getByRole('textbox', { name: '回数' })).toBeTruthy();
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    await user.click(crumbs().getByRole('link', { name: 'セグメント' }));
    await user.click(await screen.findByRole('button', { name: '保存せずに移動する' }));
    await waitFor(() => expect(router.state.location.pathname).toBe('/segments'));
  });

  it('lets go without a question when nothing was changed or all is saved', async () => {
    const { user, router } = await renderApp('/segments/new', {
      ...answers,
      'GET /api/segments': () => ({ items: [], next_cursor: null }),
      'POST /api/segments': ({ body }) => ({ ...saved, ...(body as object) }),
      'GET /api/segments/g1': () => saved,
    });
    await addOrders(user);
    await user.type(screen.getByRole('textbox', { name: 'セグメントの名前' }), '常連');
    await user.click(screen.getByRole('button', { name: '保存する' }));
    await waitFor(() => expect(router.state.location.pathname).toBe('/segments/g1'));
    await screen.findByRole('button', { name: '変更を保存する' });
    await user.click(screen.getAllByRole('link', { name: 'セグメント' }).at(-1) as HTMLElement);
    await waitFor(() => expect(router.state.location.pathname).toBe('/segments'));
  });
});
