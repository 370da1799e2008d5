/** Pictures of what a person sees: for the guide, and, when a folder is named, of every page for looking through. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { ROOT } from './najimi.js';

const GUIDE = join(ROOT, 'docs/guide/images');
/** 256 colours are enough for a page of words and flat charts, and a fifth of the bytes. */
const PNG = { palette: true, colours: 256, quality: 90, effort: 10, compressionLevel: 9 };

/** Writes a picture of the guide; without `NAJIMI_GUIDE_IMAGES` nothing is written and the tree stays clean. */
export async function guidePicture(page, name) {
  if (!process.env.NAJIMI_GUIDE_IMAGES) return;
  mkdirSync(GUIDE, { recursive: true });
  await page.mouse.move(0, 0);
  const taken = await page.screenshot({ animations: 'disabled', caret: 'hide' });
  await sharp(taken)
    .png(PNG)
    .toFile(join(GUIDE, `${name}.png`));
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
