/** The wire types of the server's API, and the table of its routes in the shape that openapi-fetch reads. */

export type Money = { minor: number; currency: string };
export type Problem = {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  hint?: string;
};
export type Page<T> = { items: T[]; next_cursor: string | null; total?: number | null };

// ---- sign-in
export type Role = 'owner' | 'marketer' | 'agent' | 'clerk' | 'viewer';
export type Permission =
  | 'customers.read'
  | 'customers.reveal'
  | 'imports.run'
  | 'segments.read'
  | 'segments.write'
  | 'campaigns.read'
  | 'campaigns.write'
  | 'campaigns.send'
  | 'results.read'
  | 'insights.read'
  | 'keys.manage'
  | 'operators.manage'
  | 'settings.manage'
  | 'audit.read'
  | 'demo.advance';
export type DemoClock = { today: string; last_day: string; can_advance: boolean; advancing: boolean };
export type Me = {
  operator_id: string;
  name: string;
  email: string;
  role: Role;
  permissions: Permission[];
  company: string;
  zone: string;
  currency: string;
  today: string;
  now: string;
  demo: DemoClock | null;
  mail: 'capture' | 'smtp';
};
export type SetupRequest = {
  token: string;
  company: string;
  zone: string;
  currency: string;
  public_url: string;
  operator_name: string;
  email: string;
  password: string;
};
export type DemoAbout = {
  orders_source: string;
  changes: string[];
  licences: { name: string; licence: string; by: string; url: string }[];
  counts: { orders: number; customers: number; members: number };
};

// ---- jobs
export type JobState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled';
export type Job = {
  job_id: string;
  kind: string;
  state: JobState;
  progress: { done: number; total: number | null; note: string };
  error: string | null;
  result: unknown;
};

// ---- customers
export type CustomerSort = 'last_order' | 'sales' | 'orders' | 'kana';
export type CustomerRow = {
  customer_id: string;
  number: string | null;
  name: string;
  kana: string | null;
  company: string | null;
  email_masked: string | null;
  prefecture: string | null;
  orders: number;
  sales: Money;
  last_order_day: string | null;
  days_since: number | null;
  is_member_only: boolean;
};
export type Rhythm = {
  usual_days: number;
  open_days: number;
  late_days: number;
  expected_on: string;
  orders: { day: string; amount: Money }[];
};
export type Phrase = { code: string; params: Record<string, unknown> };
export type Consent = {
  channel: 'email' | 'phone' | 'post';
  state: 'granted' | 'denied' | 'unknown';
  basis: string | null;
  since: string | null;
};
export type CustomerCard = {
  customer_id: string;
  number: string | null;
  name: string;
  kana: string | null;
  company: string | null;
  sex: string | null;
  birthday: string | null;
  age: number | null;
  prefecture: string | null;
  city: string | null;
  email: string | null;
  phone: string | null;
  band: { r: string; f: string } | null;
  rhythm: Rhythm | null;
  notes_now: Phrase[];
  value: {
    sales: Money;
    refunds: Money;
    refund_count: number;
    orders: number;
    first_order_day: string | null;
    last_order_day: string | null;
    average_order: Money | null;
    shop_average_order: Money | null;
    orders_90d: number;
  };
  products: { sku: string; name: string; quantity: number; orders: number }[];
  consents: Consent[];
  next_mail: { allowed: boolean; on: string | null; reason: string | null };
};
export type TimelineFilter = 'all' | 'orders' | 'contacts';
export type TimelineItem = {
  at: string;
  day: string;
  kind:
    | 'order'
    | 'refund'
    | 'mail_sent'
    | 'mail_opened'
    | 'mail_clicked'
    | 'unsubscribed'
    | 'page'
    | 'event'
    | 'consent';
  title: string;
  number?: string;
  items?: number;
  amount?: Money;
  campaign_id?: string;
  is_simulated?: boolean;
};
export type CustomerSegments = {
  in: { segment_id: string; name: string; why: Phrase[] }[];
  not_yet: { segment_id: string; name: string; missing: Phrase[] }[];
};
export type SearchResults = {
  customers: CustomerRow[];
  campaigns: { campaign_id: string; name: string }[];
  segments: { segment_id: string; name: string }[];
};
export type SelectionRequest = ({ segment: SegmentTree } | { people: PeopleRef }) & { title?: string };
export type Selection = { selection_id: string; count: number; title: string };

// ---- insights. A PeopleRef is an opaque string that POST /api/selections turns into a list of people.
export type PeopleRef = string;
export type Change<T> = { now: T; before: T; change: number };
export type Finding = {
  code: 'regulars_away' | 'growth_from_regulars' | 'growth_from_new' | 'one_time_lapsed';
  count: number;
  params: Record<string, number | string | Money>;
  people: PeopleRef;
  segment: SegmentTree | null;
};
export type F2State = 'final' | 'measuring' | 'import_start';
export type F2Cohort = { month: string; first: number; second: number; rate: number | null; state: F2State };
export type Home = {
  period: { from: string; to: string };
  before: { from: string; to: string };
  sales: Change<Money>;
  orders: Change<number>;
  average_order: Change<Money>;
  effect_of_orders: Money;
  effect_of_average: Money;
  refunds: { now: Money; before: Money };
  buyers: Change<number> & { first: number; first_before: number; people: PeopleRef };
  biggest_day: null | { day: string; amount: Money; in: 'now' | 'before' };
  weekly: { week: string; orders: number; average_order: number; buyers: number }[];
  f2: { cohorts: F2Cohort[] };
  findings: Finding[];
  campaigns: CampaignRow[];
};
export type Band = { from: number; to: number | null };
export type RfmCell = { people: number; sales: Money; people_90d_ago: number; people_ref: PeopleRef };
export type Rfm = {
  as_of: string;
  r_bands: Band[];
  f_bands: Band[];
  cells: RfmCell[][];
  total: { people: number; sales: Money };
  never_bought: { count: number; people: PeopleRef };
};
export type RfmSelectionRequest = { r: number[]; f: number[]; cells: [number, number][] };
export type RfmSelection = {
  people: number;
  sales: Money;
  share_of_sales: number;
  average: Money;
  average_all: Money;
  mailable: number;
  not_mailable: number;
  people_90d_ago: number;
  segment: SegmentTree;
  phrase: Phrase[];
  sample: CustomerRow[];
  people_ref: PeopleRef;
};
export type DecileRow = {
  decile: number;
  people: number;
  sales: Money;
  share: number;
  cumulative: number;
  average: Money;
  from: Money;
  people_ref: PeopleRef;
};
export type Decile = { rows: DecileRow[]; total: Money };
export type CohortCell = {
  offset: number;
  buyers: number;
  rate: number;
  sales: Money;
  people_ref: PeopleRef;
};
export type CohortMonth = { month: string; size: number; is_import_start: boolean; cells: CohortCell[] };
export type Cohorts = { months: CohortMonth[] };
export type F2 = {
  window_days: number;
  cohorts: (F2Cohort & { people_first: PeopleRef; people_second: PeopleRef })[];
  average: { first: number; second: number; rate: number };
};
export type LtvCohort = {
  month: string;
  size: number;
  is_import_start: boolean;
  points: { offset: number; ltv: Money }[];
};
export type Ltv = { cohorts: LtvCohort[]; all: { people: number; ltv: Money } };

// ---- segments
export type Window = { days: number } | 'ever';
export type FactName = 'sex' | 'age' | 'prefecture' | 'birth_month' | 'has_company' | 'is_member_only';
export type SegmentTree =
  | { kind: 'and' | 'or'; of: SegmentTree[] }
  | { kind: 'not'; of: SegmentTree }
  | { kind: 'fact'; fact: FactName; is: 'eq' | 'in' | 'gte' | 'lte' | 'between'; value: unknown }
  | {
      kind: 'count';
      event: 'order' | 'mail_opened' | 'mail_clicked' | 'page';
      sku?: string;
      window: Window;
      is: 'gte' | 'lte' | 'eq' | 'between';
      value: number | [number, number];
    }
  | {
      kind: 'sum';
      window: Window;
      is: 'gte' | 'lte' | 'between';
      value: number | [number, number];
    }
  | { kind: 'recency'; event?: 'order'; is: 'gte' | 'lte' | 'between'; days: number | [number, number] }
  | { kind: 'rfm'; version: number; r: number[]; f: number[]; cells: [number, number][] }
  | { kind: 'reachable'; channel: 'email' };
export type SegmentRow = {
  segment_id: string;
  name: string;
  count: number | null;
  counted_at: string | null;
  text: string;
  version: number;
  updated_at: string;
};
export type Segment = SegmentRow & { tree: SegmentTree };
export type SegmentPreview = {
  count: number;
  of: number;
  sample: CustomerRow[];
  text: string;
  tree: SegmentTree;
  took_ms: number;
};
export type SegmentWhy = { is_member: boolean; why: Phrase[]; missing: Phrase[] };

// ---- campaigns
export type Block =
  | { kind: 'text'; text: string }
  | { kind: 'heading'; text: string }
  | { kind: 'products'; skus: string[] }
  | { kind: 'button'; label: string; url: string }
  | { kind: 'image'; url: string; alt: string }
  | { kind: 'divider' };
export type Mail = {
  subject: string;
  preheader: string;
  from_name: string;
  from_address: string;
  blocks: Block[];
  mjml: string | null;
};
export type CampaignState =
  | 'draft'
  | 'scheduled'
  | 'sending'
  | 'paused'
  | 'stopped'
  | 'measuring'
  | 'finished';
export type CampaignRow = {
  campaign_id: string;
  name: string;
  state: CampaignState;
  people: number | null;
  sent: number;
  control: number;
  scheduled_at: string | null;
  started_at: string | null;
  day_n: number | null;
  window_days: number;
  is_simulated: boolean;
  true_effect: number | null;
  headline: Phrase | null;
};
export type Campaign = CampaignRow & {
  segment_id: string | null;
  tree: SegmentTree | null;
  segment_text: string;
  mail: Mail;
  holdout: number;
  version: number;
  problems: Problem[];
};
export type CampaignCreate = { name: string; segment_id?: string; tree?: SegmentTree; template?: TemplateId };
export type CampaignUpdate = {
  name: string;
  segment_id?: string | null;
  tree?: SegmentTree | null;
  mail: Mail;
  holdout: number;
  version: number;
};
export type TemplateId = 'long_time' | 'new_arrivals' | 'thank_you';
export type Template = { template_id: TemplateId; name: string; mail: Mail };
export type Product = { sku: string; name: string; price: Money };
export type MailPreview = {
  subject: string;
  html: string;
  text: string;
  customer: { name_masked: string };
  unresolved: string[];
};
export type ConfirmStepCode = 'no_consent' | 'bad_address' | 'suppressed' | 'recently_sent';
export type Confirm = {
  chosen: number;
  steps: { code: ConfirmStepCode; count: number; people: PeopleRef }[];
  sendable: number;
  control: number;
  send: number;
  chosen_people: PeopleRef;
  sendable_people: PeopleRef;
  base_rate: number;
  detectable: { holdout: number; points: number | null; control: number }[];
  delivery: 'capture' | 'smtp';
  cap: { days: number; max: number };
  result_on: string;
  problems: Problem[];
};
export type Delivery = {
  queued: number;
  claimed: number;
  handed: number;
  accepted: number;
  captured: number;
  failed: number;
  unknown: number;
  held: number;
  skipped: { reason: string; count: number }[];
  total: number;
  rate_per_s: number | null;
};
export type MessageRow = {
  message_id: string;
  customer_id: string;
  name: string;
  to_masked: string;
  state: string;
  at: string;
  error: string | null;
};
export type Message = {
  message_id: string;
  campaign_id: string;
  customer_id: string;
  to_masked: string;
  subject: string;
  html: string;
  text: string;
  headers: [string, string][];
  state: string;
  at: string;
  links: { label: string; url: string }[];
};
export type Arm = {
  assigned: number;
  buyers: number;
  rate: number;
  sales_per_head: Money;
  sent: number | null;
  opened: number | null;
  clicked: number | null;
  unsubscribed: number | null;
  people: PeopleRef;
  buyers_people: PeopleRef;
};
export type Interval = { estimate: number; low: number; high: number };
export type Verdict = 'measuring' | 'too_few' | 'no_difference' | 'more' | 'less';
export type CampaignResult = {
  campaign_id: string;
  name: string;
  is_simulated: boolean;
  true_effect: number | null;
  day_n: number;
  window_days: number;
  from: string;
  to: string;
  segment_text: string;
  verdict: Verdict;
  headline: Phrase;
  treated: Arm;
  control: Arm;
  rate: Interval | null;
  sales: (Interval & { currency: string }) | null;
  harm: {
    unsubscribed: number;
    rate: number;
    usual: number | null;
    stop_line: number;
    complaints: number;
    stopped: boolean;
  };
  daily: { day: number; treated: number; control: number }[];
  method: string;
  left_out: { merged: number };
  next: { holdout: number } | null;
  buyers_people: PeopleRef;
};

// ---- data
export type ImportKind = 'orders' | 'customers';
export type ImportField = { field: string; label: string; required: boolean };
export type ImportOptions = {
  source: string;
  currency: string;
  rate: string | null;
  zone: string;
  consent: 'column' | 'declared' | 'none';
  consent_basis: string | null;
  consent_proof: string | null;
  first_month_is_import_start: boolean;
};
export type ImportPreview = {
  import_id: string;
  kind: ImportKind;
  file_name: string;
  size_bytes: number;
  encoding: string;
  separator: string;
  compression: string;
  preset: string | null;
  columns: { index: number; header: string; field: string | null; sample: string[]; type: string }[];
  fields: ImportField[];
  rows: { line: number; values: Record<string, string>; outcome: string; problem: string | null }[];
  expected: { new: number; changed: number; unchanged: number; rejected: number } | null;
  problems: Problem[];
  options: ImportOptions;
};
export type ImportMapping = Record<string, string | null>;
export type ImportRow = {
  import_id: string;
  kind: string;
  file_name: string;
  state: 'uploaded' | 'running' | 'stopped' | 'done' | 'failed';
  lines: number | null;
  started_at: string | null;
  finished_at: string | null;
};
export type Import = ImportRow & {
  job_id: string | null;
  classes: { class: string; count: number; is_accepted: boolean }[];
  effect: { new: number; changed: number; unchanged: number } | null;
  lag: number;
};
export type ImportLine = { line: number; class: string; reason: string | null; raw: string };
export type ApiKey = {
  key_id: string;
  name: string;
  scopes: string[];
  prefix: string;
  created_at: string;
  last_used_at: string | null;
};
export type Operator = {
  operator_id: string;
  name: string;
  email: string;
  role: Role;
  is_active?: boolean;
  last_seen_at?: string | null;
};
export type AuditRow = { at: string; actor: string; action: string; object: string; detail: string };
export type MailSettings = {
  from_name: string;
  from_address: string;
  smtp: null | {
    host: string;
    port: number;
    security: 'starttls' | 'tls' | 'none';
    username: string | null;
    has_password: boolean;
    password?: string;
  };
  hold_unknown: boolean;
  cap_days: number;
  cap_max: number;
  footer_address: string;
};
export type SendingPause = {
  reason: 'restored' | 'asked';
  since: string;
  backup_made_at: string | null;
};
export type SystemInfo = {
  version: string;
  lag: { live: number; backfill: number; history: number };
  disk_free_bytes: number;
  records: 'sqlite' | 'postgres';
  events_total: number;
};
