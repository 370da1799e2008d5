/** Pictures of what a person sees: for the guide, and, when a folder is named, of every page for looking through. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { ROOT } from './najimi.js';

const GUIDE = join(ROOT, 'docs/guide/images');
/** 256 colours are enough for a page of words and flat charts, and a fifth of the bytes. */
const PNG = { palette: true, colours: 256, quality: 90, effort: 10, compressionLevel: 9 };

/** Messages at the edge go by; a picture would keep them. */
const NO_MESSAGES = '.mantine-Notifications-root { visibility: hidden; }';

/**
 * Writes a picture of the guide in both languages; without `NAJIMI_GUIDE_IMAGES` nothing is written and the tree stays
 * clean. The language is switched without the mouse, so that nobody's clicks are counted.
 */
export async function guidePicture(page, name) {
  if (!process.env.NAJIMI_GUIDE_IMAGES) return;
  mkdirSync(GUIDE, { recursive: true });
  await page.mouse.move(0, 0);
  const first = await page.locator('html').getAttribute('lang');
  for (const language of first === 'ja' ? ['en', 'ja'] : ['ja', 'en']) {
    const button = page.getByRole('button', { name: language === 'ja' ? '日本語' : 'EN', exact: true });
    await button.evaluate((element) => element.click());
    await page.locator(`html[lang=${language}]`).waitFor({ state: 'attached' });
    // Texts of the other language are fetched and drawn.
    await page.waitForTimeout(600);
    const taken = await page.screenshot({ animations: 'disabled', caret: 'hide', style: NO_MESSAGES });
    await sharp(taken)
      .png(PNG)
      .toFile(join(GUIDE, `${name}-${language}.png`));
  }
}

/** Writes a whole page into the folder `NAJIMI_E2E_LOOK`. */
export async function lookPicture(page, name) {
  const folder = process.env.NAJIMI_E2E_LOOK;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({
    path: join(folder, `${name}.png`),
    fullPage: true,
    animations: 'disabled',
    caret: 'hide',
  });
}
