/** The audit log: each action of the program has a sentence in both languages, and names lead to what they name. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import type { AuditRow } from '../../api/types';
import { renderApp } from '../../testing/render';
import en from './locale.en.json';
import ja from './locale.ja.json';

const ROW: AuditRow = {
  at: '2026-11-13T03:00:00Z',
  actor: '佐伯 由佳',
  actor_kind: 'operator',
  action: 'segment.create',
  object: '',
  object_name: null,
  detail: {},
};

const show = (...items: AuditRow[]) =>
  renderApp('/settings/audit', { 'GET /api/audit': () => ({ items, next_cursor: null }) });

it('a campaign that was sent is told in a sentence and leads to the campaign', async () => {
  const id = '0198a000-0000-7000-8000-000000000001';
  await show({ ...ROW, action: 'campaign.send', object: id, detail: { name: '秋のご案内', holdout: 0.1 } });
  const link = await screen.findByRole('link', { name: 'キャンペーン『秋のご案内』' });
  expect(link.getAttribute('href')).toBe(`/campaigns/${id}`);
  expect(link.closest('span')?.textContent).toBe('佐伯 由佳さんがキャンペーン『秋のご案内』を送信しました');
  expect(screen.getByText(/^比べるために送らない割合: 10\s?%$/)).toBeTruthy();
});

it('what was thrown away leads nowhere', async () => {
  await show({ ...ROW, action: 'segment.delete', object: 's1', detail: { name: '常連' } });
  expect(await screen.findByText('佐伯 由佳さんがセグメント『常連』を消しました')).toBeTruthy();
  expect(screen.queryByRole('link', { name: /常連/ })).toBeNull();
});

it('who was not let in, who looked at a card and who restored a backup are told', async () => {
  const restored: AuditRow = {
    ...ROW,
    actor: 'command line',
    actor_kind: 'console',
    action: 'backup.restore',
  };
  const refused: AuditRow = { ...ROW, actor: '', actor_kind: 'visitor', action: 'session.refused' };
  await show(
    restored,
    refused,
    { ...refused, object: 'o2', object_name: '田中' },
    { ...ROW, action: 'customer.read', object: 'c1' },
  );
  expect(await screen.findByText('コマンドを使った人がバックアップから復元しました')).toBeTruthy();
  expect(screen.getByText('サインインできなかった人がいます')).toBeTruthy();
  expect(screen.getByRole('link', { name: 'メンバー『田中』' })).toBeTruthy();
  expect(screen.getByRole('link', { name: '顧客のカード' }).getAttribute('href')).toBe('/customers/c1');
});

it('an action that nobody has words for is told as it is written', async () => {
  await show({ ...ROW, action: 'comet.seen', object: 'x' });
  expect(await screen.findByText('佐伯 由佳さん comet.seen x')).toBeTruthy();
});

it('what was done twice in one second is listed twice', async () => {
  const row = { ...ROW, object: 's1', detail: { name: '常連' } };
  await show(row, row);
  expect((await screen.findAllByRole('link', { name: /常連/ })).length).toBe(2);
});

/** Every file of the crates. */
function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return name === 'tests' ? [] : sources(path);
    return path.endsWith('.rs') ? [readFileSync(path, 'utf8')] : [];
  });
}

/** The actions that leave a row: of whoever calls, of a named actor, of a customer, of the console. */
function actions(source: string): string[] {
  const who = String.raw`(?:&?actor|&caller\.actor\(\)|&?Actor::(?:Console|Operator|Key|Customer)(?:\([^"]*?(?:"[^"]*")?\))?)`;
  const begun = new RegExp(String.raw`(?:begin|locked)\(\s*${who},\s*(?:id,\s*)?"([a-z_]+\.[a-z_]+)"`, 'g');
  const told =
    /(?:\baction(?:: | = [^;]*?)|const LOOK: &str = )"([a-z_]+\.[a-z_]+)"(?: \} else \{ "([a-z_]+\.[a-z_]+)")?/g;
  return [...source.matchAll(begun), ...source.matchAll(told)].flatMap(([, ...found]) =>
    found.filter(Boolean),
  );
}

it('every action of the program has a sentence in both languages', () => {
  const found = new Set(sources(join(process.cwd(), '../../crates')).flatMap(actions));
  // These are written by each of the ways in which an action is named.
  for (const action of [
    'campaign.send',
    'key.create',
    'mail.unsubscribe',
    'sending.resume',
    'session.refused',
  ]) {
    expect(found).toContain(action);
  }
  expect(found.size).toBeGreaterThan(30);
  for (const locale of [ja.did, en.did]) {
    const known = Object.keys(locale).filter((name) => !name.endsWith('_known'));
    expect(known.sort()).toEqual([...found].map((action) => action.replaceAll('.', '_')).sort());
  }
});
