/** The product as a person sees it: the real program, a real browser, stories from the sign-in link to the result. */
import { openBrowser, visit } from './harness/browser.js';
import { knownPages } from './harness/known-pages.js';
import { startNajimi } from './harness/najimi.js';
import { guidePicture, lookPicture } from './harness/pictures.js';
import { Stories, same } from './harness/stories.js';
import { tellCustomers } from './stories/customers.js';
import { tellEveryPage } from './stories/every-page.js';
import { tellFirstCampaign, tellVerdict } from './stories/first-campaign.js';
import { tellImports } from './stories/imports.js';
import { addMember, MARKETER, tellOperators } from './stories/operators.js';
import { tellPhone } from './stories/phone.js';
import { tellSetUp } from './stories/set-up.js';
import { tellTestMail } from './stories/test-mail.js';
import { tellTruths } from './stories/truths.js';

if (process.env.NAJIMI_E2E === 'skip') {
  console.log('browser stories: 0 passed, 0 failed, all skipped, because NAJIMI_E2E=skip');
  process.exit(0);
}

const stories = new Stories();
const began = performance.now();
const browser = await openBrowser();
try {
  await tellNewShop();
  await tellDemoShop();
} finally {
  await browser.close();
}
const minutes = ((performance.now() - began) / 60_000).toFixed(1);
console.log(
  `browser stories: ${stories.passed} passed, ${stories.failed.length} failed, 0 skipped, in ${minutes} minutes`,
);
if (stories.failed.length > 0) process.exit(1);

async function tellNewShop() {
  console.log('an empty Najimi');
  const najimi = await startNajimi('serve');
  const visitor = await visit(browser);
  await tellSetUp(stories, visitor, { link: najimi.link, address: najimi.address, look: lookPicture });
  await visitor.context.close();
  await tellEnd(najimi);
}

async function tellDemoShop() {
  console.log('the demo shop (its first start takes the longest)');
  const najimi = await startNajimi('demo');
  console.log(`  open after ${najimi.startSeconds.toFixed(0)} s`);
  const { address } = najimi;
  const visitor = await visit(browser);
  const { page } = visitor;
  await stories.tell('the printed link signs in, once', visitor, async () => {
    await page.goto(najimi.link);
    await page.getByRole('heading', { level: 1, name: 'ホーム' }).waitFor();
    const stranger = await visit(browser);
    await stranger.page.goto(najimi.link);
    await stranger.page.getByText('このリンクは使えません').waitFor();
    await stranger.context.close();
  });
  const picture = (name) => guidePicture(page, name);
  await tellTruths(stories, visitor, { address, picture });
  await tellCustomers(stories, visitor, { address, picture });
  await page.goto(address);
  const cells = [/^61〜90日、3〜4回：/, /^181日〜、10回〜：/];
  const sent = await tellFirstCampaign(stories, visitor, { cells, people: 423, picture });
  await tellImports(stories, visitor, { address, folder: najimi.folder, picture });
  await tellInEnglish(visitor, address);
  await tellVerdict(stories, visitor, { address, campaign: sent.name, picture });
  await tellPhone(stories, visitor, { address, browser });
  const pages = await knownPages(page, sent);
  await tellTestMail(stories, visitor, { address, draft: pages.draft });
  await tellOperators(stories, visitor, { address, browser, campaign: pages.draft });
  await tellEveryPage(stories, visitor, { address, pages: pages.paths, look: lookPicture });
  await visitor.context.close();
  await tellEnd(najimi);
}

/** A colleague who reads English does the same with other people, a week later. */
async function tellInEnglish(owner, address) {
  await owner.page.goto(`${address}/settings/operators`);
  await addMember(owner.page, MARKETER);
  const colleague = await visit(browser, { language: 'en' });
  const { page } = colleague;
  await stories.tell('en: a marketer signs in with her password', colleague, async () => {
    await page.goto(`${address}/sign-in`);
    await page.getByLabel('Mail address').fill(MARKETER.email);
    await page.getByRole('textbox', { name: 'Password' }).fill(MARKETER.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { level: 1, name: 'Home' }).waitFor();
  });
  const cells = [/^31–60 days, 1 order: /, /^91–180 days, 2 orders: /];
  await tellFirstCampaign(stories, colleague, { cells, people: null });
  await colleague.context.close();
}

async function tellEnd(najimi) {
  await stories.tell('asked to stop, it ends by itself and without a complaint', null, async () => {
    same(await najimi.stop(), 0, 'how it ended');
  });
}
