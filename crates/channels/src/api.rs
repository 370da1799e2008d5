//! How far a sending is, its messages, and the mails that were kept: for the screens.

use crate::{
    Channels,
    contents::Ready,
    feedback,
    outbox::{self, Delivery, MessageRow, MessageState, MessageStateError},
    pause::{self, Pause},
    sender::{
        Kept, Printer,
        trouble::{self, Trouble},
    },
    settings::api as settings_api,
    test_mails,
};
use access::{
    ApiResult, Caller, CampaignsRead, CampaignsSend, Cursor, CustomersRead, Limit, Page, Path, Problem, Query,
};
use axum::{Json, extract::State};
use customers::profile::sql::find_many;
use records::{Sql, values};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema, openapi::OpenApi};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;
use vocabulary::{Timestamp, email::Email};

/// All routes of this crate: for the screens, and the addresses that stand in mails.
pub fn routes(channels: Channels) -> OpenApiRouter {
    router().with_state(channels)
}

/// What the routes are, told without opening anything.
pub fn description() -> OpenApi {
    router().into_openapi()
}

fn router() -> OpenApiRouter<Channels> {
    OpenApiRouter::new()
        .routes(routes!(get_delivery))
        .routes(routes!(list_messages))
        .routes(routes!(get_message))
        .routes(routes!(test_mails::get_test_mail))
        .routes(routes!(settings_api::get_mail_settings, settings_api::change_mail_settings))
        .routes(routes!(settings_api::test_mail_settings))
        .routes(routes!(pause::get_sending, pause::change_sending))
        .merge(feedback::router())
}

/// Messages that the gate refused, by reason.
#[derive(Serialize, ToSchema)]
struct SkippedView {
    /// `no_consent`, `bad_address`, `suppressed`, `recently_sent`, `stopped`.
    reason: String,
    count: u64,
}

/// What everything waits for: a step of the way to the mail server, the settings, or a person who lets sending go on.
#[derive(ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(dead_code, reason = "describes the codes of `Trouble`, and `paused`")]
enum TroubleCode {
    Connect,
    Secure,
    SignIn,
    Sender,
    Settings,
    /// All sending is paused.
    Paused,
}

/// Why everything waits.
#[derive(Serialize, ToSchema)]
struct TroubleView {
    #[schema(value_type = TroubleCode)]
    code: String,
    /// The server's words, or what went wrong.
    sentence: String,
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
    /// When one message tries again; null when a person has to act first.
    #[schema(value_type = Option<String>, format = DateTime)]
    next_try_at: Option<Timestamp>,
}

impl From<Trouble> for TroubleView {
    fn from(Trouble { code, sentence, since, next_try_at, .. }: Trouble) -> Self {
        Self { code, sentence, since, next_try_at: Some(next_try_at) }
    }
}

impl From<Pause> for TroubleView {
    fn from(pause: Pause) -> Self {
        Self { code: "paused".to_owned(), sentence: pause.sentence(), since: pause.since, next_try_at: None }
    }
}

/// How far a sending is.
#[derive(Serialize, ToSchema)]
struct DeliveryView {
    queued: u64,
    claimed: u64,
    handed: u64,
    accepted: u64,
    captured: u64,
    failed: u64,
    unknown: u64,
    held: u64,
    skipped: Vec<SkippedView>,
    total: u64,
    rate_per_s: Option<f64>,
    /// Why messages wait although the campaign runs; null while all is well.
    trouble: Option<TroubleView>,
}

impl DeliveryView {
    fn of(delivery: Delivery, trouble: Option<TroubleView>) -> Self {
        let is_open = delivery.open() > 0;
        let skipped = delivery.skipped.into_iter().map(|(reason, count)| SkippedView { reason, count }).collect();
        Self {
            queued: delivery.queued,
            claimed: delivery.claimed,
            handed: delivery.handed,
            accepted: delivery.accepted,
            captured: delivery.captured,
            failed: delivery.failed,
            unknown: delivery.unknown,
            held: delivery.held,
            skipped,
            total: delivery.total,
            rate_per_s: delivery.rate_per_s,
            trouble: trouble.filter(|_| is_open),
        }
    }
}

/// How many messages of a campaign stand where.
#[utoipa::path(get, path = "/api/campaigns/{id}/delivery", tag = "campaigns", params(("id" = String, Path, format = Uuid)),
    responses((status = 200, body = DeliveryView), (status = 403, body = Problem)),
    security(("session" = ["campaigns.read"])))]
async fn get_delivery(
    _: Caller<CampaignsRead>,
    State(channels): State<Channels>,
    Path(campaign_id): Path<Uuid>,
) -> ApiResult<Json<DeliveryView>> {
    let reader = channels.inner.records.reader();
    let delivery = outbox::delivery(&reader, campaign_id).await?;
    let trouble = match pause::read(&reader).await? {
        Some(pause) => Some(TroubleView::from(pause)),
        None => trouble::read(&reader).await?.map(TroubleView::from),
    };
    Ok(Json(DeliveryView::of(delivery, trouble)))
}

/// Which messages, and from where on.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct MessagesQuery {
    /// Only those in this state.
    #[param(inline, value_type = Option<MessageState>)]
    state: Option<String>,
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Limit,
}

impl MessagesQuery {
    fn state(&self) -> Result<Option<MessageState>, MessageStateError> {
        self.state.as_deref().filter(|text| !text.is_empty()).map(str::parse).transpose()
    }
}

impl From<MessageStateError> for Problem {
    fn from(error: MessageStateError) -> Self {
        Problem::unprocessable("message_state_unfit").detail(format!("{error}."))
    }
}

/// A message of a campaign.
#[derive(Serialize, ToSchema)]
struct MessageRowView {
    message_id: String,
    customer_id: String,
    name: String,
    to_masked: Option<String>,
    #[schema(value_type = MessageState)]
    state: String,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Why it failed, is held, waits for another try or was skipped.
    error: Option<String>,
}

impl From<MessageRow> for MessageRowView {
    fn from(row: MessageRow) -> Self {
        Self {
            message_id: row.message_id.to_string(),
            customer_id: row.customer_id.to_string(),
            name: name(&row),
            to_masked: masked(row.address.as_deref()),
            state: row.state,
            at: Timestamp::from_micros(row.changed_at),
            error: row.reason,
        }
    }
}

fn name(row: &MessageRow) -> String {
    let (family, given) =
        (row.family_name.as_deref().unwrap_or_default(), row.given_name.as_deref().unwrap_or_default());
    let name = format!("{family} {given}").trim().to_owned();
    if name.is_empty() { row.company.clone().unwrap_or_default() } else { name }
}

fn masked(address: Option<&str>) -> Option<String> {
    Email::parse(address?).ok().flatten().map(|email| email.masked())
}

/// The messages of a campaign, with the people they go to.
#[utoipa::path(get, path = "/api/campaigns/{id}/messages", tag = "campaigns", params(("id" = String, Path, format = Uuid), MessagesQuery),
    responses((status = 200, body = Page<MessageRowView>), (status = 403, body = Problem), (status = 422, body = Problem)),
    security(("session" = ["customers.read"])))]
async fn list_messages(
    _: Caller<CustomersRead>,
    State(channels): State<Channels>,
    Path(campaign_id): Path<Uuid>,
    Query(query): Query<MessagesQuery>,
) -> ApiResult<Json<Page<MessageRowView>>> {
    let (state, after) = (query.state()?, query.cursor.as_ref().map(Cursor::read::<i64>).transpose()?);
    let rows = outbox::page(&channels.inner.records.reader(), campaign_id, state, after, query.limit).await?;
    Ok(Json(Page::cut(rows, query.limit, |row| row.customer).map(MessageRowView::from)))
}

/// A link of a mail.
#[derive(Serialize, ToSchema)]
struct LinkView {
    /// What a reader sees of it.
    label: String,
    /// Where it leads; the tracked address while `is_live`.
    url: String,
}

/// A message as its person got it, or would have got it.
#[derive(Serialize, ToSchema)]
struct MessageView {
    message_id: String,
    campaign_id: String,
    customer_id: String,
    name: String,
    to_masked: Option<String>,
    subject: String,
    html: String,
    text: String,
    headers: Vec<(String, String)>,
    #[schema(value_type = MessageState)]
    state: String,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    error: Option<String>,
    links: Vec<LinkView>,
    /// The links are the tracked ones and count: of a kept mail, for those who may send campaigns.
    is_live: bool,
    /// Kept word for word; else printed again from the campaign's mail and what is known of the person today.
    is_kept: bool,
}

/// One message. Looking at it is no opening, and nothing in it acts in the person's name.
#[utoipa::path(get, path = "/api/messages/{id}", tag = "campaigns", params(("id" = String, Path, format = Uuid)),
    responses((status = 200, body = MessageView), (status = 403, body = Problem), (status = 404, body = Problem)),
    security(("session" = ["customers.read"])))]
async fn get_message(
    caller: Caller<CustomersRead>,
    State(channels): State<Channels>,
    Path(message_id): Path<Uuid>,
) -> ApiResult<Json<MessageView>> {
    let reader = channels.inner.records.reader();
    let row = outbox::find(&reader, message_id).await?.ok_or_else(|| Problem::unknown("message"))?;
    let text = "SELECT content AS value FROM captured_messages WHERE message_id = $1";
    let kept: Option<Vec<u8>> = reader.scalar(text, values![message_id]).await?;
    let (ready, printer) = printer(&channels, &row).await?;
    let (kept, is_kept) = match kept {
        Some(bytes) => (printer.shown(Kept::unpacked(&bytes)?, &ready, message_id), true),
        None => (printed_again(&channels, &row, &ready, &printer).await?, false),
    };
    let tracked = (is_kept && caller.may::<CampaignsSend>()).then(|| printer.click_urls(&ready, message_id));
    Ok(Json(view(row, kept, is_kept, &ready, tracked)))
}

fn view(row: MessageRow, kept: Kept, is_kept: bool, ready: &Ready, tracked: Option<Vec<String>>) -> MessageView {
    let is_live = tracked.is_some();
    let urls = tracked.unwrap_or_else(|| ready.links.iter().map(|link| link.url.clone()).collect());
    let links = ready.links.iter().zip(urls).map(|(link, url)| LinkView { label: link.label.clone(), url }).collect();
    let (name, to_masked) = (name(&row), masked(row.address.as_deref()));
    // The address is masked here as everywhere.
    let shown = |(name, value): (String, String)| match name.as_str() {
        "To" => (name, to_masked.clone().unwrap_or_default()),
        _ => (name, value),
    };
    let headers = kept.headers.into_iter().map(shown).collect();
    MessageView {
        message_id: row.message_id.to_string(),
        campaign_id: row.sending_id.to_string(),
        customer_id: row.customer_id.to_string(),
        name,
        to_masked,
        subject: kept.subject,
        html: kept.html,
        text: kept.text,
        headers,
        state: row.state,
        at: Timestamp::from_micros(row.changed_at),
        error: row.reason,
        links,
        is_live,
        is_kept,
    }
}

async fn printed_again(channels: &Channels, row: &MessageRow, ready: &Ready, printer: &Printer) -> ApiResult<Kept> {
    let customer = u32::try_from(row.customer).unwrap_or(u32::MAX);
    let person = find_many(&channels.inner.records.reader(), &[customer]).await?.pop();
    let person = person.ok_or_else(|| Problem::unknown("message"))?;
    let mail = printer.print_again(ready, &person).map_err(|sentence| {
        Problem::conflict("mail_unprintable").detail(format!("This mail cannot be shown: {sentence}."))
    })?;
    Ok(Kept { subject: mail.subject, html: mail.html, text: mail.text, headers: Vec::new() })
}

async fn printer(channels: &Channels, row: &MessageRow) -> ApiResult<(Arc<Ready>, Printer)> {
    let ready = channels.inner.contents.get(row.sending_id).await?.ok_or_else(|| Problem::unknown("message"))?;
    let printer = Printer::for_screens(channels).await?.ok_or_else(|| Problem::unknown("message"))?;
    Ok((ready, printer))
}
