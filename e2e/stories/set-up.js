/** An empty Najimi: the first operator is led through the set-up, and the empty rooms teach what belongs there. */
import { claim } from '../harness/stories.js';

const OPERATOR = { name: '山田 店主', email: 'yamada@example.com', password: 'the first operator' };

export async function tellSetUp(stories, visitor, { link, address, look = async () => {} }) {
  const { page } = visitor;
  const tell = (sentence, play) => stories.tell(sentence, visitor, play);

  await tell('a stranger without the link cannot set it up', async () => {
    await page.goto(`${address}/setup`);
    await page.getByText('設定用のリンクから開いてください').waitFor();
    await page.goto(`${address}/`);
    await page
      .getByText('設定用のリンクから開いてください')
      .or(page.getByRole('heading', { name: 'サインイン' }))
      .waitFor();
  });

  await tell('the link leads through company, zone, currency, address and the first operator', async () => {
    await page.goto(link);
    await page.getByLabel('会社・お店の名前').fill('みなと雑貨店');
    await look(page, 'setup-company');
    await page.getByRole('button', { name: '次へ' }).click();
    await page.getByLabel('お名前').fill(OPERATOR.name);
    await page.getByLabel('メールアドレス').fill(OPERATOR.email);
    await page.getByRole('textbox', { name: 'パスワード' }).fill(OPERATOR.password);
    await look(page, 'setup-operator');
    await page.getByRole('button', { name: 'はじめる' }).click();
    await page.getByRole('heading', { level: 1, name: 'ホーム' }).waitFor();
  });

  await tell('empty rooms teach: what belongs there, and one button to begin', async () => {
    await page.getByRole('heading', { name: 'まだ注文がありません' }).waitFor();
    await look(page, 'empty-home');
    for (const [path, sentence] of [
      ['/customers', 'まだ顧客がいません'],
      ['/insights/rfm', 'まだ買った人がいません'],
      ['/segments', 'まだセグメントがありません'],
      ['/campaigns', 'まだキャンペーンがありません'],
      ['/results', 'まだ結果がありません'],
    ]) {
      await page.goto(`${address}${path}`);
      await page.getByRole('heading', { name: sentence }).waitFor();
      await look(page, `empty${path.replaceAll('/', '-')}`);
    }
    await page.goto(`${address}/`);
    await page.getByRole('link', { name: '注文を取り込む' }).click();
    await page.getByRole('button', { name: 'ファイルを選ぶ' }).waitFor();
  });

  await tell('the second visitor finds the set-up closed, and a wrong password is told kindly', async () => {
    await page.getByRole('button', { name: OPERATOR.name }).click();
    await page.getByRole('menuitem', { name: 'サインアウト' }).click();
    await page.goto(link);
    await page.getByText('設定は終わっています。').waitFor();
    await page.getByRole('link', { name: 'サインインへ' }).click();
    await page.getByLabel('メールアドレス').fill(OPERATOR.email);
    await page.getByRole('textbox', { name: 'パスワード' }).fill('wrong password');
    await page.getByRole('button', { name: 'サインインする' }).click();
    await page.getByText('メールアドレスかパスワードが違います。').waitFor();
    await page.getByRole('textbox', { name: 'パスワード' }).fill(OPERATOR.password);
    await page.getByRole('button', { name: 'サインインする' }).click();
    await page.getByRole('heading', { level: 1, name: 'ホーム' }).waitFor();
    claim(new URL(page.url()).pathname === '/', 'signed in and at home');
  });
}
