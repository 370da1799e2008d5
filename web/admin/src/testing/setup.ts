/** What tests need of a browser that jsdom lacks, and the texts; a missing text fails the test that asks for it. */
import '@testing-library/jest-dom/vitest';
import { cleanup, configure } from '@testing-library/react';
import i18next from 'i18next';
import { afterEach, beforeAll, expect, vi } from 'vitest';
import { startI18n } from '../i18n/i18n';

// Pages are loaded on demand; a busy machine takes its time.
configure({ asyncUtilTimeout: 10_000 });

class Observer {
  observe() {}
  unobserve() {}
  disconnect() {}
}
vi.stubGlobal('ResizeObserver', Observer);
vi.stubGlobal('IntersectionObserver', Observer);
window.matchMedia = (query: string) =>
  ({
    matches: false,
    media: query,
    onchange: null,
    addListener() {},
    removeListener() {},
    addEventListener() {},
    removeEventListener() {},
    dispatchEvent: () => false,
  }) as MediaQueryList;
window.scrollTo = () => {};
Element.prototype.scrollIntoView = () => {};

beforeAll(async () => {
  await startI18n('ja');
  i18next.options.saveMissing = true;
  i18next.options.missingKeyHandler = (_languages, namespace, key) => {
    throw new Error(`missing text ${namespace}:${key}`);
  };
});

// Two items under one key: when the list changes, React shows one of them twice or not at all.
const alike: string[] = [];
const { console: spoken } = globalThis;
const report = spoken.error;
spoken.error = (...words: unknown[]) => {
  if (String(words[0]).includes('two children with the same key')) alike.push(String(words[1]));
  else report(...words);
};

afterEach(() => {
  cleanup();
  expect(alike.splice(0)).toEqual([]);
});
