/** Every page in both languages, light and dark, wide and on a phone: nothing broken, clipped, untranslated or barred. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { PHONE, WIDE } from '../harness/browser.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const LANGUAGES = ['ja', 'en'];
/** A figure that is none, or the key of a text that is missing. */
const NO_WORDS = /\bNaN\b|\bundefined\b|\[object |\{\{|\}\}|\b[a-z]+_[a-z_]+\.[a-z_.]+\b/;
/** A colour on its way from light to dark is neither. */
const STILL = '* { transition: none !important; animation: none !important; }';

/**
 * @param {Record<string, string>} pages name → path
 * @param look takes a picture of what is seen
 */
export async function tellEveryPage(stories, visitor, { address, pages, look = async () => {} }) {
  const { page } = visitor;
  for (const language of LANGUAGES) {
    await show(page, address, { language });
    for (const [name, path] of Object.entries(pages)) {
      await stories.tell(`${language}: ${name}`, visitor, async () => {
        await page.setViewportSize(WIDE);
        await setScheme(page, 'light');
        await page.goto(`${address}${path}`);
        await settle(page);
        await page.addStyleTag({ content: STILL });
        const found = [];
        const note = async (where, options) => {
          found.push(...(await audit(page, options)).map((finding) => `${where}: ${finding}`));
          await look(page, `${name}-${language}-${where}`);
        };
        await note('wide-light', {});
        found.push(...(await wordless(page)));
        await setScheme(page, 'dark');
        await note('wide-dark', { runOnly: ['color-contrast'] });
        await page.setViewportSize(PHONE);
        await setScheme(page, 'light');
        await page.waitForTimeout(150);
        await note('phone-light', language === 'ja' ? {} : { runOnly: [] });
        const over = await overflow(page);
        if (over) found.push(`phone: wider than the screen by ${over}`);
        if (found.length > 0) throw new Error(found.join('\n'));
      });
    }
  }
  await page.setViewportSize(WIDE);
  await show(page, address, { language: 'ja' });
}

/** Switches the language where a person does. */
async function show(page, address, { language }) {
  await page.setViewportSize(WIDE);
  await page.goto(`${address}/`);
  await page.getByRole('button', { name: language === 'ja' ? '日本語' : 'EN', exact: true }).click();
  await page.locator(`html[lang=${language}]`).waitFor({ state: 'attached' });
  await page.getByRole('heading', { level: 1, name: language === 'ja' ? 'ホーム' : 'Home' }).waitFor();
}

async function setScheme(page, scheme) {
  await page.evaluate((to) => {
    document.documentElement.dataset.mantineColorScheme = to;
  }, scheme);
}

/** Until nothing is being fetched and no grey stands in for data. */
export async function settle(page) {
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  await page.waitForLoadState('networkidle', { timeout: 8000 }).catch(() => {});
  await page
    .locator('.mantine-Skeleton-root, [aria-busy=true]')
    .first()
    .waitFor({ state: 'detached' })
    .catch(() => {});
}

/** Findings of axe that keep somebody out: serious and critical ones. */
async function audit(page, { runOnly }) {
  if (runOnly?.length === 0) return [];
  await page.evaluate(AXE);
  return page.evaluate(async (rules) => {
    const options = {
      resultTypes: ['violations'],
      ...(rules ? { runOnly: { type: 'rule', values: rules } } : {}),
    };
    const { violations } = await window.axe.run(document, options);
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(
        ({ id, nodes }) =>
          `${id}: ${nodes
            .slice(0, 3)
            .map(({ target, failureSummary }) => `${target} ${failureSummary.split('\n')[1] ?? ''}`)
            .join(' | ')}`,
      );
  }, runOnly ?? null);
}

async function wordless(page) {
  const text = await page.evaluate(() => document.body.innerText);
  const [line] = text.split('\n').filter((one) => NO_WORDS.test(one));
  return line ? [`not words: ${line}`] : [];
}

/** How far the page is wider than the phone, and the first thing that sticks out. */
async function overflow(page) {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    const over = document.documentElement.scrollWidth - width;
    if (over <= 0) return null;
    const out = [...document.body.querySelectorAll('*')].find(
      (element) => element.getBoundingClientRect().right > width + 1,
    );
    return `${over} px (${out?.tagName} ${out?.className} ${out?.textContent?.slice(0, 40)})`;
  });
}
