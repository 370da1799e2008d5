//! The card as it goes over the wire.

use super::{Card, notes, notes::NextMail, rhythm};
use crate::{list::MoneyView, phrase::PhraseValue};
use history::OrderKind;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use vocabulary::{Currency, Day, Zone, birthday::Birthday, consent::Channel, email::Email, phone::Phone};

/// Everything about one person.
#[derive(Serialize, ToSchema)]
pub struct CardView {
    customer_id: String,
    number: Option<String>,
    name: String,
    kana: Option<String>,
    company: Option<String>,
    sex: Option<String>,
    birthday: Option<String>,
    age: Option<i32>,
    prefecture: Option<String>,
    city: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    band: Option<CustomerBandView>,
    rhythm: Option<RhythmView>,
    notes_now: Vec<NoteView>,
    value: ValueView,
    products: Vec<FavouriteView>,
    consents: Vec<ConsentView>,
    next_mail: NextMailView,
}

/// The cell of the RFM grid, as (days from–to, orders from–to).
#[derive(Serialize, ToSchema)]
struct CustomerBandView {
    r: String,
    f: String,
}

/// How often they usually come, and how late they are.
#[derive(Serialize, ToSchema)]
struct RhythmView {
    usual_days: i32,
    open_days: i32,
    late_days: i32,
    expected_on: String,
    orders: Vec<OrderPointView>,
}

/// An order on the line of time.
#[derive(Serialize, ToSchema)]
struct OrderPointView {
    day: String,
    amount: MoneyView,
}

/// A finding; the screen has the words.
#[derive(Serialize, ToSchema)]
struct NoteView {
    code: String,
    #[schema(value_type = std::collections::BTreeMap<String, PhraseValue>)]
    params: Map<String, Value>,
}

/// What the person is worth.
#[derive(Serialize, ToSchema)]
struct ValueView {
    sales: MoneyView,
    refunds: MoneyView,
    refund_count: u64,
    orders: u64,
    first_order_day: Option<String>,
    last_order_day: Option<String>,
    average_order: Option<MoneyView>,
    shop_average_order: Option<MoneyView>,
    orders_90d: u64,
}

/// A product that they buy.
#[derive(Serialize, ToSchema)]
struct FavouriteView {
    sku: String,
    name: String,
    quantity: i64,
    orders: u32,
}

/// A way to a person.
#[derive(ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(dead_code, reason = "describes the names of `Channel`")]
enum ChannelName {
    Email,
    Phone,
    Post,
}

/// What they said; `unknown` when they said nothing.
#[derive(ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(dead_code, reason = "describes the names of `ConsentState`")]
enum ConsentStateName {
    Granted,
    Denied,
    Unknown,
}

/// What they said on a channel.
#[derive(Serialize, ToSchema)]
struct ConsentView {
    #[schema(value_type = ChannelName)]
    channel: String,
    #[schema(value_type = ConsentStateName)]
    state: String,
    basis: Option<String>,
    since: Option<String>,
}

/// Whether the next promotional mail may go.
#[derive(Serialize, ToSchema)]
struct NextMailView {
    allowed: bool,
    on: Option<String>,
    reason: Option<String>,
}

/// What the view needs beside the card.
pub struct Surroundings {
    /// The present local day.
    pub today: Day,
    /// The shop's zone.
    pub zone: Zone,
    /// The currency of reports.
    pub reporting: Currency,
    /// The shop's average order.
    pub shop_average: Option<i64>,
    /// Whether the caller may see addresses in the open.
    pub is_revealed: bool,
}

impl CardView {
    /// The view of a card.
    pub fn of(card: &Card, around: &Surroundings) -> Self {
        let profile = &card.profile;
        let name = profile.name();
        let parts = name.as_ref().map(|name| name.reveal().clone()).unwrap_or_default();
        let days: Vec<Day> = card.counted().map(|stored| around.zone.day(stored.order.ordered_at)).collect();
        let rhythm = rhythm::rhythm(days.iter().copied(), around.today);
        let notes = notes::notes(&card.orders, rhythm, &card.next_mail, around.reporting, around.today, around.zone);
        let birthday = birthday(profile, around.today);
        Self {
            customer_id: profile.id().to_string(),
            number: profile.shown_number(around.is_revealed),
            name: crate::list::display_name(profile),
            kana: Some(parts.full_kana()).filter(|kana| !kana.is_empty()),
            company: profile.company.clone(),
            sex: profile.sex.clone(),
            birthday: birthday.filter(|_| around.is_revealed).map(Birthday::reveal),
            age: birthday.and_then(|birthday| birthday.age_on(around.today)),
            prefecture: profile.prefecture_name(),
            city: profile.city.clone().filter(|_| around.is_revealed),
            email: profile.email.as_deref().map(|email| shown_email(email, around.is_revealed)),
            phone: profile.phone.as_deref().map(|phone| shown_phone(phone, around.is_revealed)),
            band: days.iter().max().map(|last| band(around.today.since(*last), days.len())),
            rhythm: rhythm.map(|rhythm| rhythm_view(card, rhythm, around)),
            notes_now: notes
                .into_iter()
                .map(|note| NoteView { code: note.code.to_owned(), params: note.params })
                .collect(),
            value: value(card, &days, around),
            products: card
                .favourites()
                .into_iter()
                .map(|product| FavouriteView {
                    sku: product.sku,
                    name: product.name,
                    quantity: product.quantity,
                    orders: product.orders,
                })
                .collect(),
            consents: Channel::ALL.map(|channel| consent(card, channel, around.zone)).into(),
            next_mail: next_mail(&card.next_mail),
        }
    }
}

fn birthday(profile: &crate::profile::sql::ProfileRow, today: Day) -> Option<Birthday> {
    let number = |value: Option<i64>| value.and_then(|value| u32::try_from(value).ok());
    let year = profile.birth_year.and_then(|year| i32::try_from(year).ok());
    Birthday::new(year, number(profile.birth_month)?, number(profile.birth_day), today).ok()
}

fn shown_email(email: &str, is_revealed: bool) -> String {
    match Email::parse(email) {
        Ok(Some(parsed)) if !is_revealed => parsed.masked(),
        _ => email.to_owned(),
    }
}

fn shown_phone(phone: &str, is_revealed: bool) -> String {
    match Phone::parse(phone) {
        Ok(Some(parsed)) => {
            if is_revealed {
                parsed.hyphenated()
            } else {
                parsed.masked()
            }
        }
        _ => String::new(),
    }
}

/// The usual bands: 30, 60, 90, 180 days; 1, 2, 3–4, 5–9, 10 and more orders.
fn band(open_days: i32, orders: usize) -> CustomerBandView {
    let r = [(30, "0-30"), (60, "31-60"), (90, "61-90"), (180, "91-180")];
    let f = [(1, "1"), (2, "2"), (4, "3-4"), (9, "5-9")];
    let days = usize::try_from(open_days).unwrap_or(0);
    let of = |bands: [(usize, &str); 4], value: usize, last: &str| {
        bands.iter().find(|(to, _)| value <= *to).map_or(last, |(_, name)| name).to_owned()
    };
    CustomerBandView { r: of(r, days, "181-"), f: of(f, orders, "10-") }
}

fn rhythm_view(card: &Card, rhythm: rhythm::Rhythm, around: &Surroundings) -> RhythmView {
    let point = |stored: &crate::orders::sql::StoredOrder| OrderPointView {
        day: around.zone.day(stored.order.ordered_at).to_string(),
        amount: MoneyView::new(stored.order.totals(around.reporting).reporting, around.reporting),
    };
    let mut orders: Vec<OrderPointView> = card.counted().map(point).collect();
    orders.reverse();
    RhythmView {
        usual_days: rhythm.usual_days,
        open_days: rhythm.open_days,
        late_days: rhythm.late_days,
        expected_on: rhythm.expected_on.to_string(),
        orders,
    }
}

fn value(card: &Card, days: &[Day], around: &Surroundings) -> ValueView {
    let money = |minor: i64| MoneyView::new(minor, around.reporting);
    let of = |kind: OrderKind| {
        card.orders.iter().filter(move |stored| stored.order.state.kind == kind && !stored.is_simulated)
    };
    let total = |stored: &crate::orders::sql::StoredOrder| stored.order.totals(around.reporting).reporting;
    let sales: i64 = card.orders.iter().filter(|stored| !stored.is_simulated).map(total).sum();
    let bought: i64 = of(OrderKind::Order).map(total).sum();
    let refunds: i64 = of(OrderKind::Refund).map(total).sum();
    let count = days.len() as u64;
    ValueView {
        sales: money(sales),
        refunds: money(refunds),
        refund_count: of(OrderKind::Refund).count() as u64,
        orders: count,
        first_order_day: days.iter().min().map(Day::to_string),
        last_order_day: days.iter().max().map(Day::to_string),
        average_order: i64::try_from(count)
            .ok()
            .filter(|count| *count > 0)
            .map(|count| money((2 * bought + count).div_euclid(2 * count))),
        shop_average_order: around.shop_average.map(money),
        orders_90d: days.iter().filter(|day| around.today.since(**day) < 90).count() as u64,
    }
}

fn consent(card: &Card, channel: Channel, zone: Zone) -> ConsentView {
    let said = card.consents.iter().find(|consent| consent.channel == channel);
    ConsentView {
        channel: channel.name().to_owned(),
        state: said.map_or("unknown", |consent| consent.state.name()).to_owned(),
        basis: said.map(|consent| consent.basis.clone()),
        since: said.map(|consent| zone.day(consent.at).to_string()),
    }
}

fn next_mail(next: &NextMail) -> NextMailView {
    match next {
        NextMail::Today { .. } => NextMailView { allowed: true, on: None, reason: None },
        NextMail::On(day) => NextMailView { allowed: false, on: Some(day.to_string()), reason: Some("cap".to_owned()) },
        NextMail::Never(reason) => NextMailView { allowed: false, on: None, reason: Some((*reason).to_owned()) },
    }
}
