/**
 * From signing in to a result that tells the truth: the regulars who stay away become a segment, a campaign goes out
 * in capture mode, one of its mails is read and its link pressed, a week passes. Counted in clicks, as a person counts.
 */
import { claim, numbersIn, same, until } from '../harness/stories.js';

const CLICKS_MAX = 25;
const SECONDS_MAX = 300;

const WORDS = {
  ja: {
    rooms: '部屋',
    insights: '分析',
    engage: '施策',
    results: '結果',
    create: 'この人たちに施策をつくる',
    draft: '下書きをつくる',
    confirm: '送信前の確認へ',
    funnel: '選んだ人から送る人まで',
    send: /^[\d,]+通を保存する$/,
    kept: (count) => `保存 ${count}通（外には送っていません）`,
    read: /へのメールを読む$/,
    links: 'リンク',
    clock: 'デモの時計',
    week: '1週間すすめる',
    measuring: '計測中です',
    day7: '7日目／28日',
    assigned: '割り当て',
    bought: '買った人',
    captured: '保存',
    clicked: 'リンクを押した',
    opened: '開いた',
  },
  en: {
    rooms: 'Rooms',
    insights: 'Insights',
    engage: 'Engage',
    results: 'Results',
    create: 'Start a campaign for them',
    draft: 'Create the draft',
    confirm: 'Confirm and send',
    funnel: 'From those chosen to those who get it',
    send: /^Capture [\d,]+ mails?$/,
    kept: (count) => `${count} mails captured (nothing was sent out)`,
    read: /^Read the mail to /,
    links: 'Links',
    clock: 'Demo clock',
    week: '+1 week',
    measuring: 'Still measuring',
    day7: 'Day 7 of 28',
    assigned: 'Assigned',
    bought: 'Bought',
    captured: 'Captured',
    clicked: 'Clicked',
    opened: 'Opened',
  },
};

/**
 * @param cells the corners of the area on the RFM grid, by the words of its cells
 * @param people how many must stand in it, or null where the story does not know
 */
export async function tellFirstCampaign(stories, visitor, { cells, people, picture = async () => {} }) {
  const { page } = visitor;
  const words = WORDS[visitor.language];
  const [before, started] = [visitor.clicks, performance.now()];
  const sent = {};
  const rail = page.getByRole('navigation', { name: words.rooms });
  const tell = (sentence, play) => stories.tell(`${visitor.language}: ${sentence}`, visitor, play);

  await tell('drag over cells of the RFM grid and see how many people they are', async () => {
    await rail.getByRole('link', { name: words.insights }).click();
    await dragOver(page, cells);
    const heading = page.getByRole('complementary').getByRole('heading', { level: 2 });
    const seen = await until(async () => numbersIn(await heading.innerText())[0], 'people are counted');
    if (people !== null) same(seen, people, 'people selected');
    sent.chosen = seen;
    await page.getByRole('link', { name: words.create }).waitFor();
    await picture('rfm');
    return `${seen} people`;
  });

  await tell('make the segment and a campaign with a ready mail', async () => {
    await page.getByRole('link', { name: words.create }).click();
    await page.getByRole('button', { name: words.draft }).click();
    await page.getByRole('button', { name: words.confirm }).waitFor();
    sent.name = await page.getByRole('heading', { level: 1 }).innerText();
    await page.frameLocator('iframe').first().getByRole('link').first().waitFor();
    await picture('campaign');
  });

  await tell('check before sending: every step adds up', async () => {
    await page.getByRole('button', { name: words.confirm }).click();
    const funnel = page.getByRole('region', { name: words.funnel });
    await funnel.getByRole('listitem').first().waitFor();
    const lines = await funnel
      .getByRole('listitem')
      .evaluateAll((items) => items.map((item) => item.innerText));
    const counts = lines.map(
      (line) => numbersIn(line.split('\n').find((part) => /^[−-]?[\d,]+$/.test(part)) ?? '')[0],
    );
    same(counts[0], sent.chosen, 'the chosen people');
    same(
      counts.slice(0, -1).reduce((sum, count) => sum + count, 0),
      counts.at(-1),
      'chosen less every step',
    );
    [sent.sent, sent.compared] = numbersIn(await funnel.getByRole('heading', { level: 2 }).innerText());
    same(sent.sent + sent.compared, counts.at(-1), 'sent and compared');
    await picture('confirm');
    return `${counts.join(' ')} = ${sent.sent} + ${sent.compared}`;
  });

  await tell('send in capture mode', async () => {
    await page.getByRole('button', { name: words.send }).click();
    await page.getByText(words.kept(sent.sent)).waitFor({ timeout: 60_000 });
    await page.getByRole('link', { name: words.read }).first().waitFor();
    await picture('delivery');
    return `${sent.sent} kept`;
  });

  await tell('open one captured mail and press its link', async () => {
    await page.getByRole('link', { name: words.read }).first().click();
    const body = page.frameLocator('iframe').first();
    await body.getByRole('link').first().waitFor();
    await picture('message');
    const heading = page.getByRole('heading', { name: words.links, exact: true });
    const links = page.locator('section').filter({ has: heading });
    const [opened] = await Promise.all([
      visitor.context.waitForEvent('page'),
      links.getByRole('link').first().click(),
    ]);
    // The demo has no shop of its own: a ready mail leads to where Najimi itself is found.
    await opened.waitForURL((url) => url.pathname === '/');
    const led = opened.url();
    await opened.close();
    return led;
  });

  await tell('let a week pass: the held-back orders arrive', async () => {
    const clock = page.getByRole('group', { name: words.clock });
    const day = await clock.innerText();
    await clock.getByRole('button', { name: words.week }).click();
    await until(async () => (await clock.innerText()) !== day, 'the clock has moved', { tries: 240 });
    await page.getByRole('dialog').waitFor({ state: 'hidden', timeout: 60_000 });
    return (await clock.innerText()).split('\n').slice(0, 2).join(' ');
  });

  await tell('read a result that gives no verdict before the end, and counts what happened', async () => {
    await rail.getByRole('link', { name: words.engage }).click();
    await rail.getByRole('link', { name: words.results }).click();
    await page.getByRole('link', { name: sent.name, exact: true }).first().click();
    await page.getByRole('heading', { level: 1, name: words.measuring }).waitFor();
    await page.getByText(words.day7).waitFor();
    const row = async (name) => {
      const cells = page.getByRole('row').filter({ has: page.getByRole('rowheader', { name, exact: true }) });
      return numbersIn((await cells.getByRole('cell').allInnerTexts()).join(' '));
    };
    await until(async () => {
      if ((await row(words.clicked))[0] === 1) return true;
      await page.reload();
      await page.getByRole('heading', { level: 1 }).waitFor();
      return false;
    }, 'the one click is counted');
    same(await row(words.assigned), [sent.sent, sent.compared], 'assigned');
    same((await row(words.captured))[0], sent.sent, 'captured');
    claim((await row(words.opened))[0] <= 1, 'the operator who reads a mail is not somebody who opened it');
    const bought = await row(words.bought);
    claim(bought[0] > 0 && bought[0] < sent.sent, `real orders fill the result (${bought})`);
    await picture('result-measuring');
    return `bought ${bought.join(' and ')}`;
  });

  await tell('all that within 25 clicks and five minutes of signing in', async () => {
    const [clicks, took] = [visitor.clicks - before, (performance.now() - started) / 1000];
    claim(clicks <= CLICKS_MAX, `${clicks} clicks are at most ${CLICKS_MAX}`);
    claim(took <= SECONDS_MAX, `${took.toFixed(0)} s are at most ${SECONDS_MAX}`);
    return `${clicks} clicks, ${took.toFixed(0)} s`;
  });
  return sent;
}

/** After the 28 days there is a verdict, and it is the one that the interval gives. */
export async function tellVerdict(stories, visitor, { address, campaign, picture = async () => {} }) {
  const { page } = visitor;
  await stories.tell(
    'after 28 days the result says what can be told from chance, and no more',
    visitor,
    async () => {
      const clock = page.getByRole('group', { name: WORDS.ja.clock });
      for (let week = 0; week < 4 && !(await clock.innerText()).includes('12月11日'); week += 1) {
        const day = await clock.innerText();
        await clock.getByRole('button', { name: WORDS.ja.week }).click();
        await until(async () => (await clock.innerText()) !== day, 'the clock has moved', { tries: 240 });
        await page.getByRole('dialog').waitFor({ state: 'hidden', timeout: 60_000 });
      }
      await page.goto(`${address}/results`);
      await page.getByRole('link', { name: campaign, exact: true }).first().click();
      await page.getByText('28日目／28日').waitFor();
      const verdict = await page.getByRole('heading', { level: 1 }).innerText();
      await picture('result');
      if (verdict === '人数が足りません') return verdict;
      const range = await page.getByRole('region', { name: '購入率' }).locator('small').last().innerText();
      const [low, high] = range.split('〜').map((end) => Number(end.replace('−', '-')));
      const right =
        low > 0
          ? '送った人の方が多く買いました'
          : high < 0
            ? '送った人の方が買っていません'
            : '差は偶然と見分けられません';
      same(verdict, right, `the verdict on ${range}`);
      return `${verdict}（${range}）`;
    },
  );
}

async function dragOver(page, [from, to]) {
  const middle = async (name) => {
    const box = await page.getByRole('button', { name }).boundingBox();
    return [box.x + box.width / 2, box.y + box.height / 2];
  };
  await page.getByRole('button', { name: from }).waitFor();
  await page.mouse.move(...(await middle(from)));
  await page.mouse.down();
  await page.mouse.move(...(await middle(to)), { steps: 6 });
  await page.mouse.up();
}
