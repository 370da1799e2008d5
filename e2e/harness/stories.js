/** Plays stories one after the other and keeps the account of them: passed, failed, and why. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './najimi.js';

const PICTURES = join(ROOT, 'target/e2e');

export class Stories {
  passed = 0;
  failed = [];

  /**
   * @param {string} sentence what a person can do
   * @param {{ page: import('playwright-core').Page, faults: string[] } | null} visitor whose window a failure shows
   * @param {() => Promise<string | void>} play answers with figures worth printing
   */
  async tell(sentence, visitor, play) {
    const started = performance.now();
    try {
      const figures = await play();
      const faults = visitor?.faults.splice(0) ?? [];
      if (faults.length > 0) throw new Error(`behind the page: ${faults.join(' | ')}`);
      this.passed += 1;
      console.log(`  ok    ${sentence} (${seconds(started)} s)${figures ? `: ${figures}` : ''}`);
      return true;
    } catch (error) {
      visitor?.faults.splice(0);
      const picture = await this.#picture(visitor, sentence);
      this.failed.push(sentence);
      console.error(`  FAIL  ${sentence} (${seconds(started)} s)\n        ${indent(error)}${picture}`);
      return false;
    }
  }

  async #picture(visitor, sentence) {
    if (!visitor?.page || visitor.page.isClosed()) return '';
    const path = join(PICTURES, `${sentence.replaceAll(/[^\p{L}\p{N}]+/gu, '-').slice(0, 60)}.png`);
    mkdirSync(PICTURES, { recursive: true });
    const taken = await visitor.page.screenshot({ path, fullPage: true }).catch(() => null);
    return taken ? `\n        ${visitor.page.url()}, seen in ${path}` : '';
  }
}

const seconds = (started) => ((performance.now() - started) / 1000).toFixed(1);
const indent = (error) => String(error?.message ?? error).replaceAll('\n', '\n        ');

/** What a story claims; the sentence says what was expected. */
export function claim(holds, sentence) {
  if (!holds) throw new Error(`not so: ${sentence}`);
}

export function same(seen, expected, what) {
  const [one, other] = [JSON.stringify(seen), JSON.stringify(expected)];
  if (one !== other) throw new Error(`${what}: expected ${other}, seen ${one}`);
}

/** Looks again until it holds: what arrives over the stream takes a moment. */
export async function until(look, what, { tries = 40, pauseMs = 250 } = {}) {
  let last;
  for (let attempt = 0; attempt < tries; attempt += 1) {
    last = await look();
    if (last) return last;
    await new Promise((wake) => setTimeout(wake, pauseMs));
  }
  throw new Error(`did not come true: ${what}`);
}

/** 「1,234人」 → 1234; every whole number of a text, in order. */
export const numbersIn = (text) =>
  [...text.matchAll(/[−-]?\d[\d,]*/g)].map(([digits]) =>
    Number(digits.replaceAll(',', '').replace('−', '-')),
  );
