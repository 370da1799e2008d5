/** Before anybody else gets a mail, its writer gets it: what would embarrass is named, and a test goes to oneself. */
import { claim } from '../harness/stories.js';

/** @param draft a draft of the ready mail of new arrivals, in which no product was put yet */
export async function tellTestMail(stories, visitor, { address, draft }) {
  const { page } = visitor;
  const tell = (sentence, play) => stories.tell(sentence, visitor, play);

  await tell('a mail of new arrivals that shows none is noticed before it is sent', async () => {
    await page.goto(`${address}/campaigns/${draft}/confirm`);
    await page.getByText('「新しい品」と書いてあるのに、商品がひとつもありません').waitFor();
    await page.getByRole('link', { name: '2番目の「文章」をひらく' }).click();
    await page.waitForFunction(() => document.activeElement?.id === 'block-1');
  });

  await tell('a test goes to oneself: without a mail server it is kept, and can be read', async () => {
    await page.getByRole('button', { name: '自分にテスト送信' }).click();
    await page.getByText('保存しました（外には送っていません）').waitFor();
    await page.getByRole('link', { name: '送った内容を読む' }).click();
    const heading = page.getByRole('heading', { level: 1, name: /^【テスト】/ });
    await heading.waitFor();
    const body = page.frameLocator('iframe').first();
    const way = await body.getByRole('link', { name: '配信停止' }).getAttribute('href');
    claim(way === '#', `unsubscribing does nothing: ${way}`);
    return heading.innerText();
  });
}
