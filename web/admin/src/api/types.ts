/** The names by which the screens know what the server sends; the shapes are generated (`web/api/schema.d.ts`). */
import type { components, operations } from '../../../api/schema';

type Schemas = components['schemas'];

export type Money = Schemas['MoneyView'];
export type Problem = Schemas['Problem'];
export type Phrase = Schemas['Phrase'];
export type PhraseValue = Phrase['params'][string];
/** An opaque reference to people; `POST /api/selections` turns it into a list. */
export type PeopleRef = string;

// ---- sign-in
export type Role = Schemas['Role'];
export type Permission = Schemas['PermissionName'];
export type DemoClock = Schemas['DemoView'];
export type Me = Schemas['MeView'];
export type SetupRequest = Schemas['SetupRequest'];
export type DemoAbout = Schemas['AboutDemoView'];
export type Job = Schemas['JobView'];

// ---- customers
export type CustomerSort = NonNullable<
  NonNullable<operations['list_customers']['parameters']['query']>['sort']
>;
export type CustomerPage = Schemas['CustomerPageView'];
export type CustomerRow = Schemas['CustomerRowView'];
export type CustomerCard = Schemas['CardView'];
export type Rhythm = Schemas['RhythmView'];
export type Consent = Schemas['ConsentView'];
export type TimelineItem = Schemas['TimelineItemView'];
export type TimelineFilter = NonNullable<
  NonNullable<operations['list_timeline']['parameters']['query']>['filter']
>;
export type CustomerSegments = Schemas['CustomerSegmentsView'];

// ---- insights
export type Home = Schemas['HomeView'];
export type Finding = Schemas['FindingView'];
export type Band = Schemas['BandView'];
export type Rfm = Schemas['RfmView'];
export type RfmCell = Schemas['RfmCellView'];
export type RfmSelection = Schemas['RfmSelectionView'];
export type Decile = Schemas['DecileView'];
export type DecileRow = Schemas['DecileRowView'];
export type Cohorts = Schemas['CohortsView'];
export type CohortMonth = Schemas['CohortView'];
export type CohortCell = Schemas['CohortCellView'];
export type F2 = Schemas['SecondOrdersView'];
export type F2Cohort = Schemas['F2CohortView'];
export type Ltv = Schemas['LtvView'];
export type LtvCohort = Schemas['LtvCohortView'];

// ---- segments
export type SegmentTree = Schemas['SegmentTree'];
export type Window = Schemas['WindowView'];
export type Comparison = Schemas['Comparison'];
export type FactName = Schemas['SegmentFact'];
export type SegmentRow = Schemas['SegmentRowView'];
export type Segment = Schemas['SegmentView'];
export type SegmentPreview = Schemas['SegmentPreviewView'];

// ---- campaigns
export type Block = Schemas['Block'];
export type Mail = Schemas['Mail'];
export type CampaignState = Schemas['CampaignStateView'];
export type CampaignRow = Schemas['CampaignRowView'];
export type Campaign = Schemas['CampaignView'];
export type CampaignUpdate = Schemas['ChangeCampaignRequest'];
export type TemplateId = Schemas['ReadyMailId'];
export type Template = Schemas['TemplateView'];
export type Confirm = Schemas['ConfirmView'];
export type Delivery = Schemas['DeliveryView'];
export type MessageState = Schemas['MessageState'];
export type MessageRow = Schemas['MessageRowView'];
export type Message = Schemas['MessageView'];
export type MailWarning = Schemas['WarningView'];
export type TestMail = Schemas['TestMailView'];
export type SentTestMail = Schemas['SentTestMailView'];
export type CampaignResult = Schemas['ResultView'];
export type Arm = Schemas['ArmView'];
export type Interval = Schemas['IntervalView'];

// ---- data
export type ImportKind = Schemas['FileKindView'];
export type ImportField = Schemas['FieldView'];
export type ImportOptions = Schemas['ImportOptionsView'];
export type ImportPreview = Schemas['ImportPreviewView'];
export type ImportMapping = Schemas['ImportChoicesRequest']['mapping'];
export type ImportRow = Schemas['ImportRowView'];
export type Import = Schemas['ImportView'];
export type ApiKey = Schemas['KeyView'];
export type CreatedKey = Schemas['CreatedKeyView'];
export type KeyScope = Schemas['KeyScopeName'];
export type Operator = Schemas['OperatorView'];
export type AuditRow = Schemas['AuditView'];
export type Installation = Schemas['InstallationView'];
export type MailSettings = Schemas['MailSettingsView'];
export type MailSettingsDraft = Schemas['MailSettingsRequest'];
export type SystemInfo = Schemas['SystemView'];
export type SendingPause = Schemas['Pause'];
