//! The HTTP side of customers: the list, the card, the timeline.

use crate::{
    card::{self, CardView, Surroundings},
    export,
    list::{self, CustomerRowView, MoneyView, Place, Sort},
    orders, profile, recent_events,
    search::{Count, Search},
    searched, selections,
};
use access::{Access, ApiResult, Caller, Cursor, CustomersRead, CustomersReveal, Limit, Page, Path, Problem, Query};
use axum::{Json, extract::State};
use history::OrderKind;
use records::{Records, Sql, values};
use roaring::RoaringBitmap;
use serde::{Deserialize, Serialize};
use std::sync::{Arc, Mutex, PoisonError};
use utoipa::{IntoParams, ToSchema, openapi::OpenApi};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;
use vocabulary::{Currency, CustomerId, Day, SharedClock, Timestamp, Zone, id::Ordinal, id::SelectionId};

/// What the routes of customers need.
#[derive(Clone, axum::extract::FromRef)]
pub struct Customers {
    /// The records.
    pub records: Records,
    /// Who may do what.
    pub access: Access,
    /// The shop's clock.
    pub clock: SharedClock,
    /// Whose days count, and in which currency.
    pub shop: Shop,
    /// When a person may be written to next.
    pub mails: Arc<dyn card::NextMailSource>,
    /// The shop's average order of the last 28 days, once a day.
    pub average: Arc<Mutex<Option<AverageOfDay>>>,
}

/// A day, and the shop's average order before it where there was one.
pub type AverageOfDay = (Day, Option<i64>);

/// Whose days count, and in which currency.
#[derive(Clone, Copy, Debug)]
pub struct Shop {
    /// The shop's zone.
    pub zone: Zone,
    /// The currency of reports.
    pub currency: Currency,
}

/// How the audit log calls it when somebody opens a card.
const LOOK: &str = "customer.read";

/// The routes of customers.
pub fn routes(customers: Customers) -> OpenApiRouter {
    router().with_state(customers)
}

/// What the routes are, told without opening anything.
pub fn description() -> OpenApi {
    router().into_openapi()
}

fn router() -> OpenApiRouter<Customers> {
    OpenApiRouter::new()
        .routes(routes!(list_customers))
        .routes(routes!(export::export_customers))
        .routes(routes!(get_customer))
        .routes(routes!(list_timeline))
}

impl Customers {
    pub(crate) fn today(&self) -> Day {
        self.shop.zone.day(self.clock.now())
    }

    async fn shop_average(&self, today: Day) -> ApiResult<Option<i64>> {
        let known = *self.average.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, average)) = known.filter(|(day, _)| *day == today) {
            return Ok(average);
        }
        let sql = "SELECT CAST((2 * SUM(reporting) + COUNT(*)) / (2 * COUNT(*)) AS BIGINT) AS value FROM orders WHERE kind = 'order' AND customer IS NOT NULL \
                   AND NOT is_simulated AND local_day > $1 AND local_day <= $2";
        let bound = values![i64::from(today.plus(-28).0), i64::from(today.0)];
        let average = self.records.reader().scalar::<Option<i64>>(sql, bound).await?.flatten();
        *self.average.lock().unwrap_or_else(PoisonError::into_inner) = Some((today, average));
        Ok(average)
    }
}

/// What the list is asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListQuery {
    /// Names, kana, romaji, mail, numbers: the beginning of each word.
    search: Option<String>,
    /// Only the people of this selection.
    selection: Option<String>,
    /// By what it is sorted.
    #[serde(default)]
    #[param(inline)]
    sort: Sort,
    /// Where the page begins.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
    /// How many rows, 1 to 200.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Limit,
}

/// A page of the list.
#[derive(Serialize, ToSchema)]
struct CustomerPageView {
    #[serde(flatten)]
    page: Page<CustomerRowView>,
    /// There are more than `total`: a search stops counting there.
    has_more_than_total: bool,
}

/// Lists customers. The first page says how many there are.
#[utoipa::path(get, path = "/api/customers", tag = "customers", params(ListQuery), responses((status = 200, body = CustomerPageView)), security(("session" = ["customers.read"])))]
async fn list_customers(
    _caller: Caller<CustomersRead>,
    State(customers): State<Customers>,
    Query(query): Query<ListQuery>,
) -> ApiResult<Json<CustomerPageView>> {
    let (reader, today) = (customers.records.reader(), customers.today());
    let search = query.search.as_deref().and_then(Search::read);
    let chosen = chosen(&reader, query.selection.as_deref(), search.as_ref()).await?;
    let place = query.cursor.as_ref().map(|cursor| cursor.read::<Place>()?.of(query.sort)).transpose()?;
    let (is_first, rows) = (place.is_none(), query.limit.rows());
    let (rows, total) = match (chosen, search) {
        (Some(people), _) => {
            (list::find(&reader, Some(&people), query.sort, place, rows).await?, Some(Count::exact(people.len())))
        }
        (None, Some(search)) => {
            let gathering = search.gathering(&reader).await?;
            let total = if is_first { Some(gathering.count(&reader).await?) } else { None };
            (searched::find(&reader, gathering, query.sort, place, rows).await?, total)
        }
        (None, None) => {
            let total = if is_first { Some(Count::exact(list::count(&reader).await?)) } else { None };
            (list::find(&reader, None, query.sort, place, rows).await?, total)
        }
    };
    let mut page = Page::cut(rows, query.limit, |row| row.place(query.sort))
        .map(|row| CustomerRowView::of(&row, customers.shop.currency, today));
    page.total = total.map(|total| total.people);
    let has_more_than_total = total.is_some_and(|total| total.is_cut);
    Ok(Json(CustomerPageView { page, has_more_than_total }))
}

/// The people of a selection, those of a search among them; none without a selection.
pub(crate) async fn chosen(
    reader: &records::Reader,
    selected: Option<&str>,
    search: Option<&Search>,
) -> ApiResult<Option<RoaringBitmap>> {
    let Some(id) = selected else { return Ok(None) };
    let people = selection(reader, id).await?;
    let Some(search) = search else { return Ok(Some(people)) };
    Ok(Some(people & search.find(reader).await?))
}

async fn selection(reader: &records::Reader, id: &str) -> ApiResult<RoaringBitmap> {
    let gone = || {
        Problem::not_found("selection_gone")
            .detail("This selection is no longer kept.")
            .hint("Open it again from the figure that it came from.")
    };
    let id: SelectionId = id.parse().map_err(|_| gone())?;
    selections::find(reader, id).await?.ok_or_else(gone)
}

/// Shows everything about one person.
#[utoipa::path(get, path = "/api/customers/{id}", tag = "customers", params(("id" = String, Path, format = Uuid)), responses((status = 200, body = CardView)), security(("session" = ["customers.read"])))]
async fn get_customer(
    caller: Caller<CustomersRead>,
    State(customers): State<Customers>,
    Path(id): Path<CustomerId>,
) -> ApiResult<Json<CardView>> {
    let (today, shop) = (customers.today(), customers.shop);
    let card = card::find(&customers.records.reader(), &*customers.mails, id, today, shop.zone)
        .await?
        .ok_or_else(|| Problem::unknown("customer"))?;
    let around = Surroundings {
        today,
        zone: shop.zone,
        reporting: shop.currency,
        shop_average: customers.shop_average(today).await?,
        is_revealed: caller.may::<CustomersReveal>(),
    };
    customers.access.note_look(caller.operator(), LOOK, id);
    Ok(Json(CardView::of(&card, &around)))
}

/// Which part of the timeline.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum TimelineFilter {
    #[default]
    All,
    Orders,
    Contacts,
}

/// What the timeline is asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct TimelineQuery {
    /// Which part.
    #[serde(default)]
    #[param(inline)]
    filter: TimelineFilter,
    /// Where the page begins.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
    /// How many rows, 1 to 200.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Limit,
}

/// What happened.
#[derive(ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(dead_code, reason = "describes the kinds of orders and of `recent_events`")]
enum TimelineKind {
    Order,
    Refund,
    MailSent,
    MailOpened,
    MailClicked,
    Unsubscribed,
    Page,
    Event,
    Consent,
}

/// Something that happened.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct TimelineItemView {
    #[schema(format = DateTime)]
    at: String,
    #[schema(format = Date)]
    day: String,
    #[schema(value_type = TimelineKind)]
    kind: String,
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    items: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    amount: Option<MoneyView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    campaign_id: Option<String>,
    is_simulated: bool,
    /// Where it stands in the timeline: things of the same instant stand in the order of their ids.
    #[serde(skip)]
    place: (i64, Uuid),
}

/// Lists what happened with one person, the newest first.
#[utoipa::path(get, path = "/api/customers/{id}/timeline", tag = "customers", params(("id" = String, Path, format = Uuid), TimelineQuery), responses((status = 200, body = Page<TimelineItemView>)), security(("session" = ["customers.read"])))]
async fn list_timeline(
    caller: Caller<CustomersRead>,
    State(customers): State<Customers>,
    Path(id): Path<CustomerId>,
    Query(query): Query<TimelineQuery>,
) -> ApiResult<Json<Page<TimelineItemView>>> {
    let reader = customers.records.reader();
    let profile = profile::sql::find(&reader, id).await?.ok_or_else(|| Problem::unknown("customer"))?;
    customers.access.note_look(caller.operator(), LOOK, id);
    let customer = Ordinal::try_from(profile.customer).unwrap_or(Ordinal::MAX);
    let place: Option<(i64, Uuid)> = query.cursor.as_ref().map(Cursor::read).transpose()?;
    let rows_max = query.limit.rows() + 1;
    let mut items = Vec::new();
    if query.filter != TimelineFilter::Contacts {
        let orders = orders::sql::of_customer_behind(&reader, customer, place, rows_max).await?;
        items.extend(orders.iter().map(|stored| order_item(stored, customers.shop)));
    }
    if query.filter != TimelineFilter::Orders {
        let is_contacts_only = query.filter == TimelineFilter::Contacts;
        let events = recent_events::of_customer_behind(&reader, customer, place, is_contacts_only, rows_max).await?;
        items.extend(events.into_iter().map(|event| event_item(event, customers.shop.zone)));
    }
    items.sort_by_key(|item| std::cmp::Reverse(item.place));
    Ok(Json(Page::cut(items, query.limit, |item| item.place)))
}

fn order_item(stored: &orders::sql::StoredOrder, shop: Shop) -> TimelineItemView {
    let (order, totals) = (&stored.order, stored.order.totals(shop.currency));
    let kind = if order.state.kind == OrderKind::Refund { "refund" } else { "order" };
    TimelineItemView {
        at: order.ordered_at.to_string(),
        day: shop.zone.day(order.ordered_at).to_string(),
        kind: kind.to_owned(),
        title: order.state.number.clone(),
        number: Some(order.state.number.clone()),
        items: Some(order.state.lines.len() as i64),
        amount: Some(MoneyView::new(totals.reporting, shop.currency)),
        campaign_id: None,
        is_simulated: stored.is_simulated,
        place: (order.ordered_at.micros(), order.order_id),
    }
}

fn event_item(event: recent_events::RecentEvent, zone: Zone) -> TimelineItemView {
    let at = Timestamp::from_micros(event.occurred_at);
    TimelineItemView {
        at: at.to_string(),
        day: zone.day(at).to_string(),
        kind: event.kind,
        title: event.title,
        number: None,
        items: None,
        amount: None,
        campaign_id: event.campaign_id.map(|id| id.to_string()),
        is_simulated: event.is_simulated,
        place: (event.occurred_at, event.event_id),
    }
}
