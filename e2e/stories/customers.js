/** Who is this? Found in any script, and known at a glance. */
import { readFileSync } from 'node:fs';
import { claim, numbersIn, same, until } from '../harness/stories.js';

export async function tellCustomers(stories, visitor, { address, picture = async () => {} }) {
  const { page } = visitor;
  const tell = (sentence, play) => stories.tell(sentence, visitor, play);
  const found = {};

  for (const written of ['佐藤', 'サトウ', 'ｻﾄｳ', 'satou', 'さとう']) {
    await tell(`${written} finds 佐藤`, async () => {
      await page.goto(`${address}/customers`);
      await page.getByRole('searchbox', { name: '顧客をさがす' }).fill(written);
      const names = page.getByRole('table', { name: '顧客' }).getByRole('rowheader').getByRole('link');
      await until(async () => (await names.first().innerText()).startsWith('佐藤'), 'the first one is 佐藤');
      const all = await names.allInnerTexts();
      claim(all.filter((name) => name.startsWith('佐藤')).length >= 5, `many of ${all.slice(0, 8)} are 佐藤`);
      found.name = all[0];
    });
  }

  await tell('the card says what matters now, value, consent, segments and one timeline', async () => {
    await page.getByRole('link', { name: found.name, exact: true }).first().click();
    await page.getByRole('heading', { level: 1, name: found.name }).waitFor();
    for (const part of ['連絡と同意', 'できごと', 'よく買うもの', '入っているセグメント'])
      await page.getByRole('heading', { name: part }).waitFor();
  });

  await tell('a late regular is told in words: how often as a rule, and how long it is now', async () => {
    await page.goto(`${address}/customers?q=16928`);
    await page.getByRole('rowheader').getByRole('link').first().click();
    await page
      .getByRole('heading', {
        level: 2,
        name: /^いつもは15日ごと。\s*今回は52日あいています\s*（37日おそい）$/,
      })
      .waitFor();
    const value = await page.getByRole('region', { name: 'これまでの価値' }).innerText();
    claim(
      value.includes('417,227') && numbersIn(value).includes(17),
      `17 orders, 417,227 yen after returns: ${value}`,
    );
    await picture('card');
  });

  await tell(
    'the list says how many there are, narrows to those who never bought, and becomes a file',
    async () => {
      await page.goto(`${address}/customers`);
      const count = async () => numbersIn(await page.getByText(/^[\d,]+人$/).innerText())[0];
      const all = await count();
      await page.getByRole('combobox', { name: 'だれを見るか' }).click();
      await page.getByRole('option', { name: '会員・未購入' }).click();
      await page.waitForURL(/who=member/);
      await until(async () => (await count()) < all, 'fewer people');
      const members = await count();
      const save = page.getByRole('link', { name: 'CSVで保存' });
      await until(async () => /selection=/.test(await save.getAttribute('href')), 'the file is of those');
      const [download] = await Promise.all([page.waitForEvent('download'), save.click()]);
      const lines = readFileSync(await download.path(), 'utf8')
        .trimEnd()
        .split('\r\n');
      same(lines.length - 1, members, 'lines of the file');
      claim(lines[0].startsWith('\ufeff番号,名前'), lines[0]);
      return `${members} of ${all}`;
    },
  );

  await tell('the keyboard reaches a customer from anywhere', async () => {
    await page.goto(`${address}/insights/ltv`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.keyboard.press('Control+k');
    await page
      .getByRole('textbox', { name: '検索' })
      .or(page.getByRole('searchbox', { name: '検索' }))
      .fill('satou');
    await page.getByRole('dialog').getByText(/^佐藤/).first().waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: /^佐藤/ }).waitFor();
  });
}
