/** With a finger on a phone: what is dragged over with a mouse is tapped, and what is too wide says so. */
import { PHONE, visit } from '../harness/browser.js';
import { claim, numbersIn, same, until } from '../harness/stories.js';

/** @param owner somebody who is signed in, whose session the phone shares */
export async function tellPhone(stories, owner, { address, browser }) {
  const phone = await visit(browser, { viewport: PHONE, hasTouch: true });
  await phone.context.addCookies(await owner.context.cookies());
  const { page } = phone;

  await stories.tell('phone: cells of the RFM grid are tapped one after the other', phone, async () => {
    await page.goto(`${address}/insights/rfm`);
    const cells = [/^61〜90日、3〜4回：/, /^181日〜、10回〜：/, /^30日以内、1回：/];
    const people = [];
    for (const name of cells) {
      const cell = page.getByRole('button', { name });
      people.push(numbersIn((await cell.getAttribute('aria-label')).split('：')[1])[0]);
      await cell.tap();
      await until(async () => (await cell.getAttribute('aria-pressed')) === 'true', 'the cell is selected');
    }
    await page.getByRole('button', { name: cells[2] }).tap();
    const heading = page.getByRole('complementary').getByRole('heading', { level: 2 });
    const seen = await until(async () => {
      const [shown] = numbersIn(await heading.innerText());
      return shown === people[0] + people[1] ? shown : null;
    }, 'the third cell, tapped twice, is not among them');
    await page.getByRole('link', { name: 'この人たちに施策をつくる' }).waitFor();
    await page.getByRole('button', { name: 'この人たちを見る' }).tap();
    await until(async () => {
      const box = await heading.boundingBox();
      return box && box.y > 0 && box.y < PHONE.height / 2;
    }, 'the people stand under the finger');
    return `${seen} people`;
  });

  await stories.tell(
    'phone: the cohorts say that they scroll, and keep their months in sight',
    phone,
    async () => {
      await page.goto(`${address}/insights/cohorts`);
      await page.getByText('横にスクロールできます').waitFor();
      const grid = page.getByRole('region', { name: '行は初回の月、列はそこからの月数' });
      await grid.evaluate((element) => element.scrollTo({ left: element.scrollWidth }));
      const month = await grid.getByRole('rowheader').first().boundingBox();
      claim(month.x >= 0 && month.x < PHONE.width / 4, 'the month stays at the left');
    },
  );

  await stories.tell('phone: no button is smaller than a finger', phone, async () => {
    const small = [];
    for (const path of ['/insights/rfm', '/insights/cohorts', '/results', '/imports', '/settings/keys']) {
      await page.goto(`${address}${path}`);
      await page.getByRole('heading', { level: 1 }).first().waitFor();
      await page.waitForLoadState('networkidle', { timeout: 8000 }).catch(() => {});
      small.push(...(await page.evaluate(tooSmall)));
    }
    same(small, [], 'lower than 40 px');
  });

  await phone.context.close();
}

/** Buttons and fields; words that are links in a sentence are as high as the sentence. */
function tooSmall() {
  const pressed = 'button:not(.link, .reach), input:not([type=radio], [type=checkbox], [type=file]), select';
  return [...document.querySelectorAll(`main :is(${pressed}), header :is(${pressed}), nav a`)]
    .map((element) => [element, element.getBoundingClientRect()])
    .filter(([, { width, height }]) => width > 1 && height > 1 && height < 39.5)
    .map(([element, { height }]) => `${element.textContent || element.className} ${Math.round(height)}`);
}
