/** Roles that really differ: a viewer sees figures, not names, and cannot send. */
import { visit } from '../harness/browser.js';
import { claim, same } from '../harness/stories.js';

/** Who signs in as somebody else in other stories. */
export const MARKETER = {
  name: 'Emma Hart',
  email: 'emma@example.com',
  password: 'a marketer writes',
  role: 'マーケター',
};
const VIEWER = {
  name: '見学 みる',
  email: 'viewer@example.com',
  password: 'a viewer looks only',
  role: '閲覧のみ',
};

export async function tellOperators(stories, visitor, { address, browser, campaign }) {
  const { page } = visitor;

  await stories.tell('the owner adds a member who may only look', visitor, async () => {
    await page.goto(`${address}/settings/operators`);
    await addMember(page, VIEWER);
  });

  const viewer = await visit(browser);
  await stories.tell(
    'the viewer signs in with the password and sees the figures, not the people',
    viewer,
    async () => {
      await viewer.page.goto(`${address}/sign-in`);
      await viewer.page.getByLabel('メールアドレス').fill(VIEWER.email);
      await viewer.page.getByRole('textbox', { name: 'パスワード' }).fill(VIEWER.password);
      await viewer.page.getByRole('button', { name: 'サインインする' }).click();
      await viewer.page.getByRole('heading', { level: 1, name: 'ホーム' }).waitFor();
      const rooms = viewer.page.getByRole('navigation', { name: '部屋' }).getByRole('link');
      same(
        (await rooms.allInnerTexts()).filter((name) => name === '顧客'),
        [],
        'no room of customers',
      );
    },
  );

  await stories.tell(
    'the viewer cannot send: the button says why, and the server refuses',
    viewer,
    async () => {
      await viewer.page.goto(`${address}/campaigns/${campaign}/confirm`);
      const send = viewer.page.getByRole('button', { name: /通を保存する$/ });
      await send.waitFor();
      same(await send.getAttribute('aria-disabled'), 'true', 'the button is off');
      await viewer.page.getByText('送る権限がありません').first().waitFor();
      const refused = await viewer.page.evaluate(async (id) => {
        const answer = await fetch(`/api/campaigns/${id}/send`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'idempotency-key': 'viewer-tries' },
          body: JSON.stringify({ at: null, version: 1 }),
        });
        return [answer.status, (await answer.json()).code];
      }, campaign);
      same(refused, [403, 'permission_missing'], 'the answer to sending');
    },
  );

  await stories.tell(
    'the owner reads in the audit log who signed in and who was added',
    visitor,
    async () => {
      await page.goto(`${address}/settings/audit`);
      const log = page.getByRole('list', { name: '操作の記録' });
      await log.waitFor();
      const text = await log.innerText();
      claim(text.includes('を足しました') && text.includes('がサインインしました'), 'both are in the log');
    },
  );

  await stories.tell('signing out ends it', viewer, async () => {
    await viewer.page.goto(`${address}/`);
    await viewer.page.getByRole('button', { name: VIEWER.name }).click();
    await viewer.page.getByRole('menuitem', { name: 'サインアウト' }).click();
    await viewer.page.getByRole('heading', { level: 1, name: 'サインイン' }).waitFor();
    await viewer.page.goto(`${address}/insights/rfm`);
    await viewer.page.getByRole('heading', { level: 1, name: 'サインイン' }).waitFor();
  });
  await viewer.context.close();
}

export async function addMember(page, { name, email, password, role }) {
  await page.getByLabel('お名前').fill(name);
  await page.getByLabel('メールアドレス').fill(email);
  await page.getByRole('combobox', { name: '役割' }).last().click();
  await page.getByRole('listbox', { name: '役割' }).getByRole('option', { name: role }).click();
  await page.getByRole('textbox', { name: 'はじめのパスワード' }).fill(password);
  await page.getByRole('button', { name: '追加する' }).click();
  await page.getByRole('listitem').filter({ hasText: email }).waitFor();
}
