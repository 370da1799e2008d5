import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { Rfm, RfmSelection } from '../../../api/types';
import { ME, renderApp } from '../../../testing/render';

const yen = (minor: number) => ({ minor, currency: 'JPY' });
const PEOPLE = [
  [315, 237, 345],
  [92, 72, 98],
];
const RFM: Rfm = {
  as_of: '2026-11-13',
  r_bands: [
    { from: 0, to: 60 },
    { from: 61, to: null },
  ],
  f_bands: [
    { from: 1, to: 1 },
    { from: 2, to: 2 },
    { from: 3, to: null },
  ],
  cells: PEOPLE.map((row, r) =>
    row.map((people, f) => ({
      people,
      sales: yen(people * 10_000),
      people_90d_ago: people - 5,
      people_ref: `${r}${f}`,
    })),
  ),
  total: { people: 1159, sales: yen(11_590_000) },
  never_bought: { count: 17_599, people: 'never' },
};
const SELECTION: RfmSelection = {
  people: 98,
  sales: yen(980_000),
  share_of_sales: 0.085,
  average: yen(10_000),
  average_all: yen(10_000),
  mailable: 74,
  not_mailable: 24,
  people_90d_ago: 93,
  segment: { kind: 'rfm', version: 1, r: [60], f: [1, 2, 3], cells: [[1, 2]] },
  phrase: [],
  sample: [],
  people_ref: 'chosen',
};
const ANSWERS = {
  'GET /api/insights/rfm': () => RFM,
  'POST /api/insights/rfm/selection': () => SELECTION,
};

describe('RFM', () => {
  it('is worked by keyboard: arrows move, space selects, Escape clears, and the address keeps it', async () => {
    const { user, router } = await renderApp('/insights/rfm', ANSWERS);
    const first = await screen.findByRole('button', { name: /60日以内、1回：315人/ });
    first.focus();
    await user.keyboard('{ArrowRight}{ArrowRight}{ArrowDown} ');
    await waitFor(() => expect(router.state.location.search).toEqual({ cells: '1-2' }));
    expect(screen.getByRole('button', { name: /61日〜、3回〜：98人/ }).getAttribute('aria-pressed')).toBe(
      'true',
    );
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe(
      '3回以上買った98人が、60日より長く来ていません',
    );
    await user.keyboard('{Escape}');
    await waitFor(() => expect(router.state.location.search).toEqual({}));
  });

  it('is worked by a finger: a tap selects, another adds, a third takes away', async () => {
    const { user, router } = await renderApp('/insights/rfm', ANSWERS);
    const tap = async (name: RegExp) => {
      const cell = await screen.findByRole('button', { name });
      await user.pointer([
        { keys: '[TouchA>]', target: cell },
        { keys: '[/TouchA]', target: cell },
      ]);
    };
    await tap(/60日以内、1回：315人/);
    await waitFor(() => expect(router.state.location.search).toEqual({ cells: '0-0' }));
    await tap(/61日〜、3回〜：98人/);
    await waitFor(() => expect(router.state.location.search).toEqual({ cells: '0-0_1-2' }));
    expect(screen.getByText('人・2マス', { exact: false }).textContent).toContain('413');
    await tap(/60日以内、1回：315人/);
    await waitFor(() => expect(router.state.location.search).toEqual({ cells: '1-2' }));
    await user.click(screen.getByRole('button', { name: '選び直す' }));
    await waitFor(() => expect(router.state.location.search).toEqual({}));
  });

  it('says what the colours mean', async () => {
    await renderApp('/insights/rfm', ANSWERS);
    expect(await screen.findByText('色の意味：マスの人数（人）')).toBeTruthy();
    expect(screen.getByText('249 以上')).toBeTruthy();
  });

  it('turns the selection into a segment and goes there', async () => {
    const { user, router, calls } = await renderApp('/insights/rfm?cells=1-2', {
      ...ANSWERS,
      'POST /api/segments': ({ body }) => ({ ...(body as object), segment_id: 'g1', text: '', version: 1 }),
    });
    await user.click(await screen.findByRole('button', { name: 'セグメントに保存' }));
    await waitFor(() => expect(router.state.location.pathname).toBe('/segments/g1'));
    expect(calls.find((call) => call.path === '/api/segments' && call.method === 'POST')?.body).toEqual({
      name: '最後の注文が61日以上前で、注文が3回以上',
      tree: SELECTION.segment,
    });
  });

  it('shows what is known of the selection, and how many cannot be mailed', async () => {
    await renderApp('/insights/rfm?cells=1-2', ANSWERS);
    const panel = await screen.findByRole('complementary', { name: '選択' });
    await within(panel).findByText('24人は送れません');
    expect(within(panel).getByRole('heading', { level: 2 }).textContent).toBe('98人を選択');
  });

  it('offers no measure to somebody who may only look', async () => {
    await renderApp('/insights/rfm?cells=1-2', {
      ...ANSWERS,
      'GET /api/me': () => ({ ...ME, role: 'viewer', permissions: ['insights.read'] }),
    });
    await screen.findByText('24人は送れません');
    expect(screen.queryByRole('link', { name: 'この人たちに施策をつくる' })).toBeNull();
    expect(screen.queryByRole('button', { name: 'セグメントに保存' })).toBeNull();
  });

  it('asks the server for the bands in the address', async () => {
    const { calls } = await renderApp('/insights/rfm?r=60-120&f=1-3', ANSWERS);
    await screen.findByRole('heading', { level: 1 });
    await waitFor(() => {
      const call = calls.find((known) => known.path === '/api/insights/rfm');
      expect([call?.query.get('r'), call?.query.get('f')]).toEqual(['60,120', '1,3']);
    });
  });
});
