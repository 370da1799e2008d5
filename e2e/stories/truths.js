/** The figures that a person reads, against what is known of the demo's orders at its first day. */
import { claim, same } from '../harness/stories.js';

/** R ≤ 30, ≤ 60, ≤ 90, ≤ 180, > 180 by F 1, 2, 3–4, 5–9, 10+, of 4,112 buyers. */
const RFM = [
  [315, 237, 345, 361, 280],
  [253, 153, 189, 139, 34],
  [92, 72, 98, 63, 5],
  [283, 185, 144, 46, 4],
  [620, 131, 52, 9, 2],
];
/**
 * By month of the first order. The demo's months begin two days before the file's (dates move by whole weeks), so these
 * are not the file's own 48.9, 43.9, 41.8 and 43.6 but the same count over the moved dates.
 */
const F2 = { '2026年1月': '49.5', '2026年2月': '43.0', '2026年3月': '43.0', '2026年7月': '43.4' };

export async function tellTruths(stories, visitor, { address, picture = async () => {} }) {
  const { page } = visitor;
  const tell = (sentence, play) => stories.tell(sentence, visitor, play);
  const h1 = page.getByRole('heading', { level: 1 });

  await tell('home says in one sentence what moved the sales', async () => {
    await page.goto(`${address}/`);
    const sentence = page.getByRole('region', { name: '売上の変化' }).getByRole('heading', { level: 2 });
    same(
      (await sentence.innerText()).replaceAll(/\s+/g, ' '),
      '売上 +1.3 %。 注文 +13.2 % を客単価 −10.5 % が打ち消しました。',
      'the sentence',
    );
    const figures = await page.getByRole('region', { name: 'おもな数字' }).innerText();
    for (const figure of ['2,001', '75,858', '1,420', '43.4'])
      claim(figures.includes(figure), `home shows ${figure}`);
    await page.getByText('423人', { exact: true }).first().waitFor();
    await picture('home');
  });

  await tell('a figure on home leads to the people behind it', async () => {
    await page.getByRole('button', { name: '買った1,420人を見る' }).click();
    await page.getByText('1,420人', { exact: true }).waitFor();
    await page.getByRole('table', { name: '顧客' }).waitFor();
  });

  await tell('the RFM grid holds the known numbers', async () => {
    await page.goto(`${address}/insights/rfm`);
    const grid = page.getByRole('table', { name: '行は最後の注文からの日数、列は注文の回数' });
    await grid.waitFor();
    const rows = await grid
      .getByRole('row')
      .evaluateAll((all) =>
        all.map((row) => [...row.querySelectorAll('button')].map((cell) => cell.innerText)),
      );
    same(
      rows.filter((row) => row.length > 0).map((row) => row.map((cell) => Number(cell))),
      RFM,
      'people in the cells',
    );
    await page.getByText(/買った人 4,112人/).waitFor();
  });

  await tell(
    'second orders within 90 days are the known ones; younger months are being measured',
    async () => {
      await page.goto(`${address}/insights/f2`);
      await h1.waitFor();
      const row = (month) =>
        page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: month }) });
      for (const [month, rate] of Object.entries(F2)) {
        const text = await row(month).first().innerText();
        claim(text.includes(`${rate} %`), `${month} is ${rate} %: ${text.replaceAll('\n', ' ')}`);
      }
      claim((await row('2026年9月').first().innerText()).includes('計測中'), 'September is being measured');
      await picture('f2');
    },
  );

  await tell('the two samples are judged right, and say what the true effect is', async () => {
    for (const [truth, verdict, holds] of [
      [
        'シミュレーション：本当の効果は +6.0 ポイント',
        '送った人の方が多く買いました',
        ([low, high]) => low > 0 && high > 6,
      ],
      [
        'シミュレーション：本当の効果は 0 ポイント',
        '差は偶然と見分けられません',
        ([low, high]) => low < 0 && high > 0,
      ],
    ]) {
      await page.goto(`${address}/results`);
      const sample = page.getByRole('listitem').filter({ hasText: truth });
      await sample.getByRole('link').first().click();
      await h1.filter({ hasText: verdict }).waitFor();
      const range = await page.getByRole('region', { name: '購入率' }).locator('small').last().innerText();
      claim(
        holds(range.split('〜').map((end) => Number(end.replace('−', '-')))),
        `the interval ${range} fits ${truth}`,
      );
    }
    await picture('result-sample');
  });
}
