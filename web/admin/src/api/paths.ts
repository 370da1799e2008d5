/** The routes of the server, in the shape that openapi-typescript generates: method, parameters, body, answer. */
import type * as w from './types';

type NoParameters = { query?: never; path?: never };
type Op<Answer, Parameters = NoParameters, Body = never> = {
  parameters: Parameters & { header?: Record<string, string>; cookie?: never };
  responses: {
    200: { headers: Record<string, string>; content: { 'application/json': Answer } };
    default: { headers: Record<string, string>; content: { 'application/problem+json': w.Problem } };
  };
} & ([Body] extends [never]
  ? { requestBody?: never }
  : { requestBody: { content: { 'application/json': Body } } });

type Id = { path: { id: string } };
type Cursor = { query?: { cursor?: string; limit?: number } };

export interface paths {
  // sign-in
  '/api/setup': { get: Op<{ needed: boolean }>; post: Op<w.Me, NoParameters, w.SetupRequest> };
  '/api/session': {
    post: Op<w.Me, NoParameters, { email: string; password: string }>;
    delete: Op<undefined>;
  };
  '/api/session/link': { post: Op<w.Me, NoParameters, { token: string }> };
  '/api/me': { get: Op<w.Me> };
  '/api/demo/advance': { post: Op<{ job_id: string }, NoParameters, { days: 1 | 7 }> };
  '/api/demo/about': { get: Op<w.DemoAbout> };
  // jobs
  '/api/jobs/{id}': { get: Op<w.Job, Id> };
  '/api/jobs/{id}/cancel': { post: Op<w.Job, Id> };
  // customers
  '/api/customers': {
    get: Op<
      w.Page<w.CustomerRow>,
      {
        query?: {
          search?: string;
          cursor?: string;
          limit?: number;
          sort?: w.CustomerSort;
          segment_id?: string;
          selection?: string;
        };
      }
    >;
  };
  '/api/customers/{id}': { get: Op<w.CustomerCard, Id> };
  '/api/customers/{id}/timeline': {
    get: Op<w.Page<w.TimelineItem>, Id & { query?: { filter?: w.TimelineFilter; cursor?: string } }>;
  };
  '/api/customers/{id}/segments': { get: Op<w.CustomerSegments, Id> };
  '/api/selections': { post: Op<w.Selection, NoParameters, w.SelectionRequest> };
  '/api/search': { get: Op<w.SearchResults, { query: { q: string } }> };
  // insights
  '/api/insights/home': { get: Op<w.Home, { query?: { days?: number } }> };
  '/api/insights/rfm': { get: Op<w.Rfm, { query?: { r?: string; f?: string } }> };
  '/api/insights/rfm/selection': { post: Op<w.RfmSelection, NoParameters, w.RfmSelectionRequest> };
  '/api/insights/decile': { get: Op<w.Decile, { query?: { days?: number } }> };
  '/api/insights/cohorts': { get: Op<w.Cohorts> };
  '/api/insights/f2': { get: Op<w.F2> };
  '/api/insights/ltv': { get: Op<w.Ltv> };
  // segments
  '/api/segments': {
    get: Op<w.Page<w.SegmentRow>, Cursor>;
    post: Op<w.Segment, NoParameters, { name: string; tree: w.SegmentTree }>;
  };
  '/api/segments/{id}': {
    get: Op<w.Segment, Id>;
    put: Op<w.Segment, Id, { name: string; tree: w.SegmentTree; version: number }>;
    delete: Op<undefined, Id>;
  };
  '/api/segments/preview': {
    post: Op<w.SegmentPreview, NoParameters, { tree: w.SegmentTree } | { text: string }>;
  };
  '/api/segments/why': {
    post: Op<w.SegmentWhy, NoParameters, { tree: w.SegmentTree; customer_id: string }>;
  };
  // campaigns
  '/api/campaigns': {
    get: Op<w.Page<w.CampaignRow>, Cursor>;
    post: Op<w.Campaign, NoParameters, w.CampaignCreate>;
  };
  '/api/campaigns/{id}': {
    get: Op<w.Campaign, Id>;
    put: Op<w.Campaign, Id, w.CampaignUpdate>;
    delete: Op<undefined, Id>;
  };
  '/api/templates': { get: Op<w.Template[]> };
  '/api/products': { get: Op<w.Product[], { query?: { search?: string } }> };
  '/api/campaigns/{id}/preview': { post: Op<w.MailPreview, Id, { customer_id?: string; mail?: w.Mail }> };
  '/api/campaigns/{id}/confirm': { get: Op<w.Confirm, Id & { query?: { holdout?: number } }> };
  '/api/campaigns/{id}/send': {
    post: Op<
      w.Campaign,
      Id & { header?: { 'Idempotency-Key': string } },
      { at: string | null; version: number }
    >;
  };
  '/api/campaigns/{id}/pause': { post: Op<w.Campaign, Id> };
  '/api/campaigns/{id}/resume': { post: Op<w.Campaign, Id> };
  '/api/campaigns/{id}/stop': { post: Op<w.Campaign, Id> };
  '/api/campaigns/{id}/delivery': { get: Op<w.Delivery, Id> };
  '/api/campaigns/{id}/messages': {
    get: Op<w.Page<w.MessageRow>, Id & { query?: { state?: string; cursor?: string } }>;
  };
  '/api/messages/{id}': { get: Op<w.Message, Id> };
  '/api/campaigns/{id}/result': { get: Op<w.CampaignResult, Id> };
  // data
  '/api/imports': {
    get: Op<w.Page<w.ImportRow>, Cursor>;
    /** multipart/form-data: hand in a FormData with `bodySerializer: (form) => form` */
    post: Op<{ import_id: string; preview: w.ImportPreview }, NoParameters, FormData>;
  };
  '/api/imports/{id}': { get: Op<w.Import, Id> };
  '/api/imports/{id}/start': {
    post: Op<w.Import, Id, { mapping: w.ImportMapping; options: w.ImportOptions }>;
  };
  '/api/imports/{id}/stop': { post: Op<w.Import, Id> };
  '/api/imports/{id}/preview': {
    get: Op<w.ImportPreview, Id>;
    post: Op<w.ImportPreview, Id, { mapping: w.ImportMapping; options: w.ImportOptions }>;
  };
  '/api/imports/{id}/lines': {
    get: Op<w.Page<w.ImportLine>, Id & { query?: { class?: string; cursor?: string } }>;
  };
  '/api/keys': {
    get: Op<w.Page<w.ApiKey>, Cursor>;
    post: Op<w.ApiKey & { secret: string }, NoParameters, { name: string; scopes: string[] }>;
  };
  '/api/keys/{id}': { delete: Op<undefined, Id> };
  '/api/operators': {
    get: Op<w.Page<w.Operator>, Cursor>;
    post: Op<w.Operator, NoParameters, { name: string; email: string; role: w.Role; password: string }>;
  };
  '/api/operators/{id}': { put: Op<w.Operator, Id, { name: string; role: w.Role }> };
  '/api/audit': { get: Op<w.Page<w.AuditRow>, Cursor> };
  '/api/settings/mail': {
    get: Op<w.MailSettings>;
    put: Op<w.MailSettings, NoParameters, w.MailSettings>;
  };
  '/api/settings/mail/test': { post: Op<{ ok: boolean; detail: string }, NoParameters, { to: string }> };
  '/api/settings/sending': {
    get: Op<{ pause: w.SendingPause | null }>;
    put: Op<{ pause: w.SendingPause | null }, NoParameters, { is_paused: boolean }>;
  };
  '/api/system': { get: Op<w.SystemInfo> };
}
