import { screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { Import, Problem } from '../../api/types';
import { problem, renderApp } from '../../testing/render';

const DONE: Import = {
  import_id: 'i1',
  kind: 'orders',
  file_name: 'orders.csv',
  state: 'done',
  lines: 541_909,
  started_at: '2026-11-13T00:30:00Z',
  finished_at: '2026-11-13T00:31:00Z',
  undone_at: null,
  job_id: 'j1',
  classes: [
    { class: 'purchase', count: 397_884, is_accepted: true },
    { class: 'no_customer', count: 132_219, is_accepted: true },
    { class: 'refund', count: 9_288, is_accepted: true },
    { class: 'free', count: 2_515, is_accepted: true },
    { class: 'adjustment', count: 3, is_accepted: true },
  ],
  effect: { new: 25_900, changed: 0, unchanged: 0 },
  consent: 'none',
  lag: 0,
  error: null,
};

describe('an import', () => {
  it('accounts for every line and says that nobody can be reached', async () => {
    await renderApp('/imports/i1', { 'GET /api/imports/i1': () => DONE });
    expect(await screen.findByText('541,909行')).toBeVisible();
    expect(screen.getByRole('link', { name: '顧客の購入 397,884' })).toBeVisible();
    expect(screen.getByText(/この取り込みの人には1通も送れません/)).toBeVisible();
    expect(screen.queryByText(/数え終わると一致します/)).not.toBeInTheDocument();
  });

  it('is undone after one question', async () => {
    let data: Import = DONE;
    const { user, calls } = await renderApp('/imports/i1', {
      'GET /api/imports/i1': () => data,
      'POST /api/imports/i1/undo': () => {
        data = { ...DONE, state: 'undone', undone_at: '2026-11-13T01:00:00Z' };
        return data;
      },
    });
    await user.click(await screen.findByRole('button', { name: '元に戻す' }));
    expect(calls.some((call) => call.path.endsWith('/undo'))).toBe(false);
    await user.click(screen.getByRole('button', { name: 'やめる' }));
    await user.click(screen.getByRole('button', { name: '元に戻す' }));
    await user.click(screen.getByRole('button', { name: '元に戻す' }));
    expect(await screen.findByText(/読まなかったことになりました/)).toBeVisible();
    expect(screen.queryByRole('button', { name: '元に戻す' })).not.toBeInTheDocument();
    // Nothing on the page speaks as if the rows were still there.
    expect(screen.getByRole('heading', { name: '元に戻しました' })).toBeVisible();
    expect(
      screen.getByText(/同じ注文や顧客でも、ほかのファイルやAPIから届いたものは残っています/),
    ).toBeVisible();
    expect(screen.getByRole('heading', { name: '元に戻す前の、行の行き先' })).toBeVisible();
    expect(screen.queryByText('新しい注文')).not.toBeInTheDocument();
    expect(screen.queryByText(/すべて画面に反映されています/)).not.toBeInTheDocument();
  });

  it('says of each number whether it counts orders or lines', async () => {
    await renderApp('/imports/i1', { 'GET /api/imports/i1': () => DONE });
    const label = await screen.findByText('新しい注文');
    expect(label.nextElementSibling?.textContent).toBe('25,900件');
    expect(screen.getByText(/1件に何行もの明細があるので、下の行の数とは一致しません/)).toBeVisible();
  });

  it('shows on every page what it brought, as soon as it is through', async () => {
    let data: Import = { ...DONE, state: 'done', lag: 12 };
    let customers = { items: [] as unknown[], next_cursor: null, total: 0 };
    const { router } = await renderApp('/customers', {
      'GET /api/customers': () => customers,
      'GET /api/imports/i1': () => data,
    });
    await screen.findByText('0人');
    await router.navigate({ to: '/imports/$importId', params: { importId: 'i1' } });
    await screen.findByText('541,909行');
    customers = { ...customers, total: 4372 };
    data = DONE;
    await screen.findByText(/すべて画面に反映/);
    await router.navigate({ to: '/customers' });
    expect(await screen.findByText('4,372人')).toBeTruthy();
  });

  it('tells what must be known before the start', async () => {
    const notice: Problem = problem(422, 'import_nobody_reachable', 'だれにも販促メールを送れません。');
    await renderApp('/imports/i1', {
      'GET /api/imports/i1': () => ({ ...DONE, state: 'uploaded', classes: [], effect: null, lines: null }),
      'GET /api/imports/i1/preview': () => ({
        import_id: 'i1',
        kind: 'customers',
        file_name: 'people.csv',
        size_bytes: 1,
        encoding: 'UTF-8',
        separator: ',',
        compression: 'none',
        preset: null,
        columns: [],
        fields: [],
        rows: [],
        expected: null,
        problems: [],
        notices: [notice],
        options: {
          source: 'shop',
          currency: 'JPY',
          rate: null,
          zone: 'Asia/Tokyo',
          consent: 'none',
          consent_basis: null,
          consent_proof: null,
          first_month_is_import_start: false,
        },
      }),
    });
    const card = await screen.findByText('始める前に');
    expect(within(card.closest('section') ?? document.body).getByText(/だれにも販促メール/)).toBeVisible();
  });
});
