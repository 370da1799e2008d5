/** Every page of the application, with ids of things that the stories have left behind. */

/** @param sent what the first campaign's story found: its name */
export async function knownPages(page, sent) {
  const get = (path) => ask(page, 'GET', path);
  const first = async (path) => (await get(path)).items[0];
  const campaigns = (await get('/api/campaigns?limit=200')).items;
  const campaign = campaigns.find((one) => one.name === sent.name && !one.is_simulated).campaign_id;
  const sample = campaigns.find((one) => one.is_simulated).campaign_id;
  const segment = (await first('/api/segments')).segment_id;
  const draft = await makeDraft(page, segment);
  const test = (await ask(page, 'POST', `/api/campaigns/${draft}/test`, {})).test_mail_id;
  const message = (await first(`/api/campaigns/${campaign}/messages`)).message_id;
  const customer = (await first('/api/customers?search=16928&limit=1')).customer_id;
  const member = (await first('/api/customers?sort=kana&limit=1')).customer_id;
  const [report, ...others] = (await get('/api/imports')).items;
  const uploaded = others.find((one) => one.state === 'uploaded') ?? report;
  return {
    draft,
    paths: {
      home: '/',
      demo: '/demo',
      customers: '/customers',
      'customers-found': '/customers?q=satou',
      'customers-member': '/customers?who=member',
      'customers-nobody': '/customers?q=zzzzzz',
      card: `/customers/${customer}`,
      'card-second': `/customers/${member}`,
      rfm: '/insights/rfm',
      'rfm-selected': '/insights/rfm?cells=2-2_2-3_2-4_3-2_3-3_3-4_4-2_4-3_4-4',
      'rfm-change': '/insights/rfm?view=change',
      'rfm-table': '/insights/rfm?table=true',
      decile: '/insights/decile',
      cohorts: '/insights/cohorts',
      f2: '/insights/f2',
      ltv: '/insights/ltv',
      segments: '/segments',
      'segment-new': '/segments/new',
      segment: `/segments/${segment}`,
      campaigns: '/campaigns',
      'campaign-new': '/campaigns/new',
      campaign: `/campaigns/${draft}`,
      confirm: `/campaigns/${draft}/confirm`,
      delivery: `/campaigns/${campaign}/delivery`,
      message: `/messages/${message}`,
      'test-mail': `/test-mails/${test}`,
      results: '/results',
      result: `/results/${campaign}`,
      'result-sample': `/results/${sample}`,
      imports: '/imports',
      'import-report': `/imports/${report.import_id}`,
      'import-waiting': `/imports/${uploaded.import_id}`,
      mail: '/settings/mail',
      keys: '/settings/keys',
      operators: '/settings/operators',
      audit: '/settings/audit',
      system: '/settings/system',
      'not-found': '/there/is/no/such/page',
    },
  };
}

async function makeDraft(page, segment) {
  const body = { name: '新しい品のご案内', segment_id: segment, template: 'new_arrivals' };
  return (await ask(page, 'POST', '/api/campaigns', body)).campaign_id;
}

async function ask(page, method, path, body) {
  const [status, answer] = await page.evaluate(
    async ([verb, to, what]) => {
      const response = await fetch(to, {
        method: verb,
        headers: { 'content-type': 'application/json' },
        ...(what ? { body: JSON.stringify(what) } : {}),
      });
      return [response.status, await response.json()];
    },
    [method, path, body],
  );
  if (status >= 300) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(answer)}`);
  return answer;
}
