/** A browser without a past, and visitors who count what they press and write down what went wrong behind the page. */
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

const PLACES = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--font-render-hinting=none',
  // Links of mails lead to the shop on the web; the test stays in the house and only notes where it would have gone.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
];
/** A program that was built for tests, on two busy cores, is slow; a person would wait as well. */
const PATIENCE_MS = 20_000;
export const WIDE = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };

export async function openBrowser() {
  const executablePath = PLACES.find((place) => place && existsSync(place));
  if (!executablePath)
    throw new Error('no Chromium: apt-get install chromium, or say where it is in CHROMIUM');
  return chromium.launch({ executablePath, headless: true, args: ARGUMENTS });
}

/**
 * Somebody in front of an own browser window: cookies, language and pages of their own.
 * @param {import('playwright-core').Browser} browser
 */
export async function visit(browser, { language = 'ja', viewport = WIDE, hasTouch = false } = {}) {
  const context = await browser.newContext({
    viewport,
    hasTouch,
    isMobile: hasTouch,
    locale: language === 'ja' ? 'ja-JP' : 'en-GB',
    timezoneId: 'Asia/Tokyo',
    reducedMotion: 'reduce',
    acceptDownloads: true,
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const visitor = { context, language, clicks: 0, faults: [], page: null };
  await context.exposeFunction('countClick', () => {
    visitor.clicks += 1;
  });
  await context.addInitScript(() => addEventListener('pointerdown', () => window.countClick(), true));
  context.on('page', (page) => watch(page, visitor.faults));
  visitor.page = await context.newPage();
  return visitor;
}

/** Errors of the page and answers of 5xx are faults of the product whatever the story looks at. */
function watch(page, faults) {
  page.on('pageerror', (error) => faults.push(`error in ${page.url()}: ${error.message}`));
  page.on('console', (message) => {
    // What a refused request prints is the browser's own line; the status is looked at below.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      faults.push(`console of ${page.url()}: ${message.text()}`);
  });
  page.on('response', (response) => {
    // “Ask again in a second” is an answer: right after the set-up the shop is still opening.
    const isPutOff = response.status() === 503 && response.headers()['retry-after'] !== undefined;
    if (response.status() >= 500 && !isPutOff) faults.push(`${response.status()} from ${response.url()}`);
  });
}
