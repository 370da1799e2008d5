/** Every address of the application. Pages load on demand, one chunk per room. */
import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import i18next from 'i18next';
import { meQuery } from '../api/queries';
import { readSignInSearch } from '../features/access/search';
import { readCampaignsSearch, readDeliverySearch, readNewCampaignSearch } from '../features/campaigns/search';
import { readCardSearch, readCustomersSearch } from '../features/customers/search';
import { readHomeSearch } from '../features/home/search';
import { readImportSearch } from '../features/imports/search';
import { readCohortSearch, readDecileSearch, readRfmSearch } from '../features/insights/search';
import { readNewSegmentSearch } from '../features/segments/search';
import { roomsFor } from '../shell/rooms';
import { root, signedIn } from './root';

/** A page's code and its texts are fetched side by side. */
function page<Module extends Record<string, unknown>, Name extends keyof Module>(
  namespace: string,
  load: () => Promise<Module>,
  name: Name,
) {
  return lazyRouteComponent(
    async () => (await Promise.all([load(), i18next.loadNamespaces(namespace)]))[0],
    name,
  );
}

const parent = { getParentRoute: () => signedIn } as const;

// ---- without a session
const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: readSignInSearch,
  component: page('access', () => import('../features/access/sign-in'), 'SignInPage'),
});
const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  component: page('access', () => import('../features/access/setup'), 'SetupPage'),
});

// ---- home and customers
const home = createRoute({
  ...parent,
  path: '/',
  validateSearch: readHomeSearch,
  // Who may not see insights starts in the first room that is open to them.
  beforeLoad: async ({ context }) => {
    const { permissions } = await context.queryClient.ensureQueryData(meQuery);
    const first = roomsFor((permission) => permissions.includes(permission))[0];
    if (first && first.to !== '/') throw redirect({ to: first.to });
  },
  component: page('home', () => import('../features/home/page'), 'HomePage'),
});
const demo = createRoute({
  ...parent,
  path: '/demo',
  component: page('demo', () => import('../features/demo/page'), 'DemoPage'),
});
const customers = createRoute({
  ...parent,
  path: '/customers',
  validateSearch: readCustomersSearch,
  component: page('customers', () => import('../features/customers/page'), 'CustomersPage'),
});
const customer = createRoute({
  ...parent,
  path: '/customers/$customerId',
  validateSearch: readCardSearch,
  component: page('customers', () => import('../features/customers/card-page'), 'CustomerPage'),
});

// ---- insights
const rfm = createRoute({
  ...parent,
  path: '/insights/rfm',
  validateSearch: readRfmSearch,
  component: page('insights', () => import('../features/insights/rfm/page'), 'RfmPage'),
});
const decile = createRoute({
  ...parent,
  path: '/insights/decile',
  validateSearch: readDecileSearch,
  component: page('insights', () => import('../features/insights/decile'), 'DecilePage'),
});
const cohorts = createRoute({
  ...parent,
  path: '/insights/cohorts',
  validateSearch: readCohortSearch,
  component: page('insights', () => import('../features/insights/cohorts'), 'CohortsPage'),
});
const f2 = createRoute({
  ...parent,
  path: '/insights/f2',
  component: page('insights', () => import('../features/insights/f2'), 'F2Page'),
});
const ltv = createRoute({
  ...parent,
  path: '/insights/ltv',
  component: page('insights', () => import('../features/insights/ltv'), 'LtvPage'),
});

// ---- segments, campaigns, results
const segments = createRoute({
  ...parent,
  path: '/segments',
  component: page('segments', () => import('../features/segments/page'), 'SegmentsPage'),
});
const newSegment = createRoute({
  ...parent,
  path: '/segments/new',
  validateSearch: readNewSegmentSearch,
  component: page('segments', () => import('../features/segments/new-page'), 'NewSegmentPage'),
});
const segment = createRoute({
  ...parent,
  path: '/segments/$segmentId',
  component: page('segments', () => import('../features/segments/segment-page'), 'SegmentPage'),
});
const campaigns = createRoute({
  ...parent,
  path: '/campaigns',
  validateSearch: readCampaignsSearch,
  component: page('campaigns', () => import('../features/campaigns/page'), 'CampaignsPage'),
});
const newCampaign = createRoute({
  ...parent,
  path: '/campaigns/new',
  validateSearch: readNewCampaignSearch,
  component: page('campaigns', () => import('../features/campaigns/new-page'), 'NewCampaignPage'),
});
const campaign = createRoute({
  ...parent,
  path: '/campaigns/$campaignId',
  component: page('campaigns', () => import('../features/campaigns/campaign-page'), 'CampaignPage'),
});
const confirm = createRoute({
  ...parent,
  path: '/campaigns/$campaignId/confirm',
  component: page('campaigns', () => import('../features/campaigns/confirm-page'), 'ConfirmPage'),
});
const delivery = createRoute({
  ...parent,
  path: '/campaigns/$campaignId/delivery',
  validateSearch: readDeliverySearch,
  component: page('campaigns', () => import('../features/campaigns/delivery-page'), 'DeliveryPage'),
});
const message = createRoute({
  ...parent,
  path: '/messages/$messageId',
  component: page('campaigns', () => import('../features/campaigns/message-page'), 'MessagePage'),
});
const testMail = createRoute({
  ...parent,
  path: '/test-mails/$testMailId',
  component: page('campaigns', () => import('../features/campaigns/test-mail-page'), 'TestMailPage'),
});
const results = createRoute({
  ...parent,
  path: '/results',
  component: page('results', () => import('../features/results/page'), 'ResultsPage'),
});
const result = createRoute({
  ...parent,
  path: '/results/$campaignId',
  component: page('results', () => import('../features/results/result-page'), 'ResultPage'),
});

// ---- data
const imports = createRoute({
  ...parent,
  path: '/imports',
  component: page('imports', () => import('../features/imports/page'), 'ImportsPage'),
});
const importPage = createRoute({
  ...parent,
  path: '/imports/$importId',
  validateSearch: readImportSearch,
  component: page('imports', () => import('../features/imports/import-page'), 'ImportPage'),
});
const mailSettings = createRoute({
  ...parent,
  path: '/settings/mail',
  component: page('settings', () => import('../features/settings/mail'), 'MailSettingsPage'),
});
const keys = createRoute({
  ...parent,
  path: '/settings/keys',
  component: page('settings', () => import('../features/settings/keys'), 'KeysPage'),
});
const operators = createRoute({
  ...parent,
  path: '/settings/operators',
  component: page('settings', () => import('../features/settings/operators'), 'OperatorsPage'),
});
const audit = createRoute({
  ...parent,
  path: '/settings/audit',
  component: page('settings', () => import('../features/settings/audit'), 'AuditPage'),
});
const system = createRoute({
  ...parent,
  path: '/settings/system',
  component: page('settings', () => import('../features/settings/system'), 'SystemPage'),
});

export const routeTree = root.addChildren([
  signIn,
  setup,
  signedIn.addChildren([
    home,
    demo,
    customers,
    customer,
    rfm,
    decile,
    cohorts,
    f2,
    ltv,
    segments,
    newSegment,
    segment,
    campaigns,
    newCampaign,
    campaign,
    confirm,
    delivery,
    message,
    testMail,
    results,
    result,
    imports,
    importPage,
    mailSettings,
    keys,
    operators,
    audit,
    system,
  ]),
]);
