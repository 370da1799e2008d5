/** Writing a draft: nothing that was typed gets lost, whichever way one leaves. */
import { act, screen, waitFor, within } from '@testing-library/react';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Campaign } from '../../api/types';
import { type Answers, type Call, problem, renderApp } from '../../testing/render';
import { DRAFT } from './fixture';

// A text area that grows with its text listens to fonts, which jsdom does not have.
beforeAll(() => {
  Object.defineProperty(document, 'fonts', { configurable: true, value: new EventTarget() });
});

/** A server that keeps the draft and counts its versions. */
function shop(first: Campaign = DRAFT) {
  let kept = first;
  const answers: Answers = {
    'GET /api/campaigns/k1': () => kept,
    'PUT /api/campaigns/k1': ({ body }) => {
      const sent = body as Campaign;
      if (sent.version !== kept.version) return problem(409, 'version_conflict');
      kept = { ...kept, ...sent, version: kept.version + 1 };
      return kept;
    },
    'POST /api/campaigns/k1/preview': () => ({
      subject: '',
      html: '',
      text: '',
      customer: { name_masked: '森●' },
      unresolved: [],
    }),
    'GET /api/products': () => [],
    'GET /api/campaigns': () => ({ items: [], next_cursor: null }),
  };
  return { answers, kept: () => kept };
}

const saves = (calls: Call[]) => calls.filter((call) => call.method === 'PUT');
const toList = () =>
  within(screen.getByRole('navigation', { name: 'いまいる場所' })).getByRole('link', {
    name: 'キャンペーン',
  });
const subject = () => screen.findByRole('textbox', { name: '件名' });

describe('a draft that is left', () => {
  it('keeps what was typed in the last moment before another page', async () => {
    const { answers, kept } = shop();
    const { user, router } = await renderApp('/campaigns/k1', answers);
    await user.type(await subject(), '！');
    await user.click(toList());
    await waitFor(() => expect(router.state.location.pathname).toBe('/campaigns'));
    await waitFor(() => expect(kept().mail.subject).toBe('おひさしぶりです！'));
  });

  it('keeps it when the tab closes, without waiting', async () => {
    const { answers } = shop();
    const { user, calls } = await renderApp('/campaigns/k1', answers);
    await user.type(await subject(), '！');
    const before = saves(calls).length;
    act(() => void window.dispatchEvent(new Event('pagehide')));
    await waitFor(() => expect(saves(calls).length).toBe(before + 1), { timeout: 300 });
    expect(saves(calls).at(-1)?.body).toMatchObject({ mail: { subject: 'おひさしぶりです！' } });
  });

  it('asks first when it could not be saved', async () => {
    const { answers } = shop();
    const { user, router } = await renderApp('/campaigns/k1', {
      ...answers,
      'PUT /api/campaigns/k1': () => problem(503, 'unexpected'),
    });
    await user.type(await subject(), '！');
    await screen.findByText('保存できていません');
    await user.click(toList());
    await user.click(await screen.findByRole('button', { name: 'このページに残る' }));
    expect(router.state.location.pathname).toBe('/campaigns/k1');
    expect(await subject()).toHaveValue('おひさしぶりです！');
  });

  it('comes back whole after it was thrown away', async () => {
    const { answers } = shop();
    const { user, calls } = await renderApp('/campaigns/k1', {
      ...answers,
      'DELETE /api/campaigns/k1': () => undefined,
      'POST /api/campaigns': () => ({ ...DRAFT, campaign_id: 'k2', version: 1 }),
      'PUT /api/campaigns/k2': ({ body }) => ({ ...DRAFT, ...(body as Campaign), campaign_id: 'k2' }),
    });
    await user.type(await subject(), '！');
    await user.click(screen.getByRole('button', { name: '下書きを捨てる' }));
    await user.click(await screen.findByRole('button', { name: '元にもどす' }));
    await waitFor(() =>
      expect(calls.find((call) => call.path === '/api/campaigns/k2')?.body).toMatchObject({
        mail: { subject: 'おひさしぶりです！' },
      }),
    );
  });
});

describe('taking back', () => {
  it('a removed block keeps what was written since', async () => {
    const { answers, kept } = shop();
    const { user } = await renderApp('/campaigns/k1', answers);
    const first = (await screen.findAllByRole('button', { name: '消す' }))[0];
    await user.click(first as HTMLElement);
    await user.type(await subject(), '！');
    await user.click(await screen.findByRole('button', { name: '元にもどす' }));
    await waitFor(() => expect(kept().mail).toEqual({ ...DRAFT.mail, subject: 'おひさしぶりです！' }));
  });

  it('MJML that was put away keeps what was written since', async () => {
    const mjml = '<mjml></mjml>';
    const { answers, kept } = shop({ ...DRAFT, mail: { ...DRAFT.mail, mjml } });
    const { user } = await renderApp('/campaigns/k1', answers);
    await user.click(await screen.findByRole('button', { name: 'ブロックにもどす' }));
    await user.type(await subject(), '！');
    await user.click(await screen.findByRole('button', { name: '元にもどす' }));
    await waitFor(() => expect(kept().mail).toMatchObject({ mjml, subject: 'おひさしぶりです！' }));
  });

  it('works on the next page too', async () => {
    const { answers, kept } = shop();
    const { user, router } = await renderApp('/campaigns/k1', answers);
    const first = (await screen.findAllByRole('button', { name: '消す' }))[0];
    await user.click(first as HTMLElement);
    await user.click(toList());
    await waitFor(() => expect(router.state.location.pathname).toBe('/campaigns'));
    await waitFor(() => expect(kept().mail.blocks.length).toBe(1));
    await user.click(await screen.findByRole('button', { name: '元にもどす' }));
    await waitFor(() => expect(kept().mail.blocks).toEqual(DRAFT.mail.blocks));
  });
});

describe('a test to oneself', () => {
  const send = () => screen.findByRole('button', { name: '自分にテスト送信' });
  const sent = (outcome: string) => ({
    test_mail_id: 't1',
    outcome,
    to: 'saeki@example.com',
    detail: outcome === 'failed' ? 'no such user' : '',
  });

  it('carries what is being written and nobody’s address, and says where it was kept', async () => {
    const { answers } = shop();
    const { user, calls, router } = await renderApp('/campaigns/k1', {
      ...answers,
      'POST /api/campaigns/k1/test': () => sent('kept'),
      'GET /api/test-mails/t1': () => ({
        test_mail_id: 't1',
        campaign_id: 'k1',
        to: 'saeki@example.com',
        subject: '【テスト】おひさしぶりです！',
        html: '',
        text: '',
        at: '2026-11-13T03:00:00Z',
      }),
    });
    await user.type(await subject(), '！');
    await user.click(await send());
    expect(await screen.findByText(/保存しました（外には送っていません）。/)).toBeTruthy();
    const body = calls.find((call) => call.path === '/api/campaigns/k1/test')?.body;
    expect(body).toEqual({ mail: { ...DRAFT.mail, subject: 'おひさしぶりです！' } });
    await user.click(screen.getByRole('link', { name: '送った内容を読む' }));
    await waitFor(() => expect(router.state.location.pathname).toBe('/test-mails/t1'));
    expect(
      await screen.findByRole('heading', { level: 1, name: '【テスト】おひさしぶりです！' }),
    ).toBeTruthy();
  });

  it('tells the server’s words when it could not be sent', async () => {
    const { answers } = shop();
    const { user } = await renderApp('/campaigns/k1', {
      ...answers,
      'POST /api/campaigns/k1/test': () => sent('failed'),
    });
    await user.click(await send());
    expect(await screen.findByText('no such user')).toBeTruthy();
  });
});

it('leads from a warning to its block', async () => {
  const { answers } = shop({ ...DRAFT, warnings: [{ code: 'products_empty', block: 0, what: '' }] });
  const { user } = await renderApp('/campaigns/k1', answers);
  await user.click(await screen.findByRole('link', { name: '1番目の「商品」をひらく' }));
  expect(document.activeElement?.id).toBe('block-0');
});
