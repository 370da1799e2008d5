/** A shop brings its own file, sees before anything changes what will become of it, and gets every line accounted for. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { claim, numbersIn, same, until } from '../harness/stories.js';

const HEAD = '注文番号,顧客番号,注文日時,商品コード,商品名,数量,単価,通貨';
/** Two orders of one customer, a line without a customer, and one that nobody can read. */
const LINES = [
  'N-1001,K-1,2026-11-01 10:00,ITEM-1,竹のかご,2,1200,JPY',
  'N-1001,K-1,2026-11-01 10:00,ITEM-2,麻のふきん,1,800,JPY',
  'N-1002,K-1,2026-11-08 18:30,ITEM-1,竹のかご,1,1200,JPY',
  'N-1003,,2026-11-09 09:15,ITEM-3,木のさじ,3,500,JPY',
  'N-1004,K-2,いつか,ITEM-1,竹のかご,1,1200,JPY',
];

export async function tellImports(stories, visitor, { address, folder, picture = async () => {} }) {
  const { page } = visitor;
  const tell = (sentence, play) => stories.tell(sentence, visitor, play);
  const file = join(folder, '注文.csv');
  writeFileSync(file, `\uFEFF${[HEAD, ...LINES].join('\r\n')}\r\n`);

  const upload = async () => {
    await page.goto(`${address}/imports`);
    await page.getByRole('button', { name: 'ファイルを選ぶ' }).waitFor();
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      page.getByRole('button', { name: 'ファイルを選ぶ' }).click(),
    ]);
    await chooser.setFiles(file);
    await page.getByRole('heading', { name: '取り込むとどうなるか' }).waitFor();
  };
  const tiles = async () => {
    const cards = page
      .locator('section')
      .filter({ has: page.getByRole('heading', { name: '取り込むとどうなるか' }) });
    return cards.first().innerText();
  };

  await tell('a file is read and its columns are understood before anything changes', async () => {
    await upload();
    await page.getByText('UTF-8', { exact: false }).first().waitFor();
    await page.getByText('8列のうち8列を使います').waitFor();
    await page.getByText('竹のかご').first().waitFor();
    await picture('import-preview');
    return (await tiles()).replaceAll('\n', ' ');
  });

  await tell('nobody can be mailed without consent, and the page says so', async () => {
    await page.getByText('取り込んだ人には、1通も送れません。', { exact: false }).waitFor();
  });

  const run = async () => {
    const source = page.getByRole('textbox', { name: 'どこのデータか' });
    if ((await source.inputValue()) === '') await source.fill('試しの店');
    await page.getByRole('radio', { name: '同意の記録はない' }).check();
    await page.getByRole('button', { name: '取り込みを始める' }).click();
    await page.getByRole('heading', { name: '取り込みが終わりました' }).waitFor({ timeout: 60_000 });
    await until(
      async () => page.getByText('すべて画面に反映されています。').isVisible(),
      'everything is on the screens',
    );
  };

  await tell('every line is accounted for, and each class opens its lines', async () => {
    await run();
    await page.getByRole('heading', { name: 'すべての行の行き先' }).waitFor();
    const account = page
      .locator('section')
      .filter({ has: page.getByRole('heading', { name: 'すべての行の行き先' }) });
    const [lines, ...classes] = numbersIn(
      (await account.locator('p').first().innerText()).replaceAll('\n', ' '),
    );
    same(lines, LINES.length, 'lines');
    same(
      classes.reduce((sum, one) => sum + one, 0),
      LINES.length,
      'the classes together',
    );
    await picture('import-report');
    await account
      .getByRole('row', { name: /^入れられない行/ })
      .getByRole('link', { name: '入れられない行', exact: true })
      .click();
    await page.getByText('N-1004,K-2,いつか').waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: '「入れられない行」の行をCSVで保存' }).click(),
    ]);
    claim(download.suggestedFilename().endsWith('.csv'), `a CSV is saved (${download.suggestedFilename()})`);
    return `${lines} = ${classes.join(' + ')}`;
  });

  await tell('the same file again changes nothing', async () => {
    await upload();
    await run();
    const effect = page
      .locator('section')
      .filter({ has: page.getByRole('heading', { name: '取り込みが終わりました' }) });
    const [fresh, changed] = numbersIn(await effect.locator('dl').innerText());
    same([fresh, changed], [0, 0], 'new and changed');
  });

  await tell('the new customer is there', async () => {
    await page.goto(`${address}/customers?q=N-1002`);
    await page.getByRole('rowheader').first().waitFor();
    claim((await page.getByRole('rowheader').count()) === 1, 'one customer has this order');
  });
}
