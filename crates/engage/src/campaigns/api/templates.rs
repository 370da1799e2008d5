//! Ready mails, products to put into a mail, and the mail as a person would get it.

use crate::{
    Engage,
    campaigns::{CampaignError, Mail, sql},
};
use access::{ApiResult, Caller, CampaignsRead, CampaignsWrite, Path, Problem, Query, Valid};
use axum::{Json, extract::State};
use channels::{
    TestMailOutcome,
    mail::{Language, ReadyMailId},
};
use customers::list::MoneyView;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use vocabulary::{CustomerId, id::CampaignId};

/// A mail to start from.
#[derive(Serialize, ToSchema)]
pub(super) struct TemplateView {
    template_id: ReadyMailId,
    name: &'static str,
    mail: Mail,
}

/// Which words.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct TemplatesQuery {
    /// `ja` (when missing) or `en`.
    #[serde(default)]
    #[param(inline)]
    language: Language,
}

/// Lists the ready mails.
#[utoipa::path(get, path = "/api/templates", tag = "campaigns", params(TemplatesQuery),
    responses((status = 200, body = Vec<TemplateView>), (status = 403, body = Problem)),
    security(("session" = ["campaigns.read"])))]
pub(super) async fn list_templates(
    _: Caller<CampaignsRead>,
    State(engage): State<Engage>,
    Query(query): Query<TemplatesQuery>,
) -> ApiResult<Json<Vec<TemplateView>>> {
    let mut templates = Vec::new();
    for template_id in ReadyMailId::ALL {
        let mail = engage.new_mail(Some(template_id), query.language).await?;
        templates.push(TemplateView { template_id, name: name(template_id, query.language), mail });
    }
    Ok(Json(templates))
}

fn name(template: ReadyMailId, language: Language) -> &'static str {
    match (template, language) {
        (ReadyMailId::LongTime, Language::Ja) => "おひさしぶりです",
        (ReadyMailId::LongTime, Language::En) => "It has been a while",
        (ReadyMailId::NewArrivals, Language::Ja) => "新しい品のご案内",
        (ReadyMailId::NewArrivals, Language::En) => "New in the shop",
        (ReadyMailId::ThankYou, Language::Ja) => "お買い上げのお礼",
        (ReadyMailId::ThankYou, Language::En) => "Thank you for your order",
    }
}

/// A product of the shop.
#[derive(Serialize, ToSchema)]
pub(super) struct ProductView {
    sku: String,
    name: String,
    price: MoneyView,
}

/// What is looked for.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ProductsQuery {
    /// Part of the name or the code; the most sold products when missing.
    #[serde(default)]
    search: String,
}

/// Products of one answer.
const PRODUCTS_MAX: i64 = 30;
/// Letters that are looked for.
const SEARCH_LETTERS_MAX: usize = 100;

/// Finds products, the most sold first.
#[utoipa::path(get, path = "/api/products", tag = "campaigns", params(ProductsQuery),
    responses((status = 200, body = Vec<ProductView>), (status = 403, body = Problem)),
    security(("session" = ["campaigns.read"])))]
pub(super) async fn list_products(
    _: Caller<CampaignsRead>,
    State(engage): State<Engage>,
    Query(query): Query<ProductsQuery>,
) -> ApiResult<Json<Vec<ProductView>>> {
    let search: String = query.search.chars().take(SEARCH_LETTERS_MAX).collect();
    let found = sql::search_products(&engage.reader(), &search, PRODUCTS_MAX).await?;
    let currency = engage.currency();
    let view =
        |row: sql::ProductRow| ProductView { sku: row.sku, name: row.name, price: MoneyView::new(row.price, currency) };
    Ok(Json(found.into_iter().map(view).collect()))
}

/// Which mail, for whom.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MailPreviewRequest {
    /// Somebody; the first of the campaign's people when missing.
    #[schema(value_type = Option<String>, format = Uuid)]
    customer_id: Option<CustomerId>,
    /// The mail as it is being written; the saved one when missing.
    mail: Option<Mail>,
}

/// For whom a mail was printed.
#[derive(Serialize, ToSchema)]
pub(super) struct PreviewPersonView {
    name_masked: String,
}

/// A mail as a person would get it, with the person masked.
#[derive(Serialize, ToSchema)]
pub(super) struct MailPreviewView {
    subject: String,
    /// A whole page; to be shown in a frame without scripts.
    html: String,
    text: String,
    customer: PreviewPersonView,
    /// Values that this person lacks and that have no default.
    unresolved: Vec<String>,
}

// A mail of somebody's own words, printed for people of their choice, tells of them; so it takes more than looking.
/// Prints a mail for one person, for those who write mails. Nothing is sent, kept or counted.
#[utoipa::path(post, path = "/api/campaigns/{id}/preview", tag = "campaigns", params(("id" = String, Path, format = Uuid)), request_body = MailPreviewRequest,
    responses((status = 200, body = MailPreviewView), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)),
    security(("session" = ["campaigns.write"])))]
pub(super) async fn preview_campaign(
    _: Caller<CampaignsWrite>,
    State(engage): State<Engage>,
    Path(id): Path<CampaignId>,
    Valid(request): Valid<MailPreviewRequest>,
) -> ApiResult<Json<MailPreviewView>> {
    let campaign = sql::find(&engage.reader(), id).await?.ok_or(CampaignError::Unknown("campaign"))?;
    let found = engage.preview(&campaign, request.mail, request.customer_id).await?;
    Ok(Json(MailPreviewView {
        subject: found.subject,
        html: found.html,
        text: found.text,
        customer: PreviewPersonView { name_masked: found.name_masked },
        unresolved: found.unresolved,
    }))
}

/// What became of a test mail.
#[derive(Serialize, ToSchema)]
pub(super) struct SentTestMailView {
    /// Leads to the mail as it was sent or kept.
    test_mail_id: String,
    outcome: TestMailOutcome,
    /// The caller's own address.
    to: String,
    /// The server's words, or what went wrong; empty for one that is kept.
    detail: String,
}

/// Sends the mail as the preview shows it to the caller's own address, and to nobody else. It counts nowhere, its links
/// are not tracked, and nobody is unsubscribed by it.
#[utoipa::path(post, path = "/api/campaigns/{id}/test", tag = "campaigns", params(("id" = String, Path, format = Uuid)), request_body = MailPreviewRequest,
    responses((status = 200, body = SentTestMailView), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem)),
    security(("session" = ["campaigns.write"])))]
pub(super) async fn test_campaign(
    caller: Caller<CampaignsWrite>,
    State(engage): State<Engage>,
    Path(id): Path<CampaignId>,
    Valid(request): Valid<MailPreviewRequest>,
) -> ApiResult<Json<SentTestMailView>> {
    let campaign = sql::find(&engage.reader(), id).await?.ok_or(CampaignError::Unknown("campaign"))?;
    let operator = caller.operator();
    let sent = engage.send_test_mail(operator, &campaign, request.mail, request.customer_id).await?;
    Ok(Json(SentTestMailView {
        test_mail_id: sent.test_mail_id.to_string(),
        outcome: sent.outcome,
        to: operator.email.reveal().to_owned(),
        detail: sent.detail,
    }))
}
