/** What becomes of the mails, as it is told. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { Delivery } from '../../api/types';
import { renderApp } from '../../testing/render';
import { DRAFT } from './fixture';
import en from './locale.en.json';
import ja from './locale.ja.json';

const WAITING: Delivery = {
  queued: 288,
  claimed: 0,
  handed: 0,
  accepted: 0,
  captured: 0,
  failed: 0,
  unknown: 0,
  held: 0,
  skipped: [],
  total: 288,
  rate_per_s: null,
  trouble: null,
};

const SCHEMAS = JSON.parse(readFileSync(join(import.meta.dirname, '../../../../api/openapi.json'), 'utf8'))
  .components.schemas;

/** These codes stand in the words of the description of the API, each between backticks. */
function codesOf(schema: string, property: string): string[] {
  const { description } = SCHEMAS[schema].properties[property];
  return [...description.matchAll(/`(\w+)`/g)].map((match) => match[1]);
}

describe('why everything waits', () => {
  it('has a sentence for every trouble, in both languages', () => {
    const codes = SCHEMAS.TroubleCode.enum;
    expect(codes).toContain('paused');
    for (const { delivery } of [ja, en])
      expect(Object.keys(delivery.trouble).filter((code) => code !== 'other')).toEqual(
        expect.arrayContaining(codes),
      );
  });

  it('has a word for every reason for which a mail was not sent, in both languages', () => {
    const codes = codesOf('SkippedView', 'reason');
    for (const { skipped } of [ja, en]) expect(Object.keys(skipped)).toEqual(expect.arrayContaining(codes));
  });

  it.each([
    ['paused', /^すべての送信を止めています。再開するまで1通も送りません。/, '/settings/system'],
    ['sign_in', /サインインできないため.*：535 refused/, '/settings/mail'],
    ['something_new', /^待っています.*：535 refused/, '/settings/mail'],
  ])('says of %s what it is and leads to what mends it', async (code, words, address) => {
    const trouble = { code, sentence: '535 refused', since: '2026-11-13T03:00:00Z', next_try_at: null };
    await renderApp('/campaigns/k1/delivery', {
      'GET /api/campaigns/k1': () => ({ ...DRAFT, state: 'sending', started_at: '2026-11-13T03:00:00Z' }),
      'GET /api/campaigns/k1/delivery': () => ({ ...WAITING, trouble }),
      'GET /api/campaigns/k1/messages': () => ({ items: [], next_cursor: null }),
    });
    expect(await screen.findByText(words)).toBeTruthy();
    expect(screen.getByRole('link', { name: '設定を開く' }).getAttribute('href')).toBe(address);
    expect(screen.queryByText('はじめています…')).toBeNull();
  });
});
