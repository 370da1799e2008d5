//! A row of a file as an event.

use crate::files::{CustomerRow, ItemKind, LineClass, OrderLine, OrderPart};
use customers::orders::{Line, OrderState};
use history::{LineKind, OrderKind};
use serde_json::{Map, Value, json};
use vocabulary::{
    Currency, Event, EventId, Money, Timestamp, Zone,
    consent::{Channel, ConsentState},
    event::{EventKind, names},
    id::ImportId,
    money::Decimal,
};

/// What the person who imports decides.
#[derive(Clone, Debug)]
pub struct ImportOptions {
    /// Which import this is.
    pub import_id: ImportId,
    /// The shop or till whose numbers the file holds.
    pub source: String,
    /// The currency of files that do not say.
    pub currency: Currency,
    /// The currency of reports.
    pub reporting: Currency,
    /// Reporting currency per currency of the file, when they differ.
    pub rate: Option<Decimal>,
    /// Where the shop's clock hangs.
    pub zone: Zone,
    /// What is known of people's consent to mail.
    pub consent: PersonConsent,
    /// The present instant.
    pub now: Timestamp,
}

/// On what it is believed that people may be written to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PersonConsent {
    /// On the columns of the file.
    Column,
    /// On a declared basis with its proof, for everybody in the file with an address.
    Declared {
        /// In words, with the proof.
        basis: String,
    },
    /// On nothing: nobody of the file can be written to.
    None,
}

/// The lines of one order, as they came from the file: what they say, and the event that says it.
pub fn order_event(part: OrderPart, options: &ImportOptions) -> Option<(OrderState, Event)> {
    let lines: Vec<Line> =
        part.lines.iter().filter(|line| line.class != LineClass::Cancelled).map(line).chain(extras(&part)).collect();
    if lines.is_empty() {
        return None;
    }
    let kind = kind_of(&part.lines);
    let state = OrderState {
        site: options.source.clone(),
        number: part.order_number,
        kind,
        currency: part.currency,
        rate: options.rate.filter(|_| part.currency != options.reporting),
        is_partial: true,
        lines,
    };
    let name = if kind == OrderKind::Refund { names::ORDER_REFUNDED } else { names::ORDER_COMPLETED };
    let mut properties = Map::new();
    properties.insert("order".to_owned(), serde_json::to_value(&state).ok()?);
    let event =
        event(EventKind::Track, name, part.first_line, part.ordered_at, part.customer_number, options, |event| {
            event.properties = properties
        });
    Some((state, event))
}

/// What the file says of the buyer of an order, beside the number.
pub fn buyer_event(
    buyer: CustomerRow,
    customer_number: Option<&str>,
    at: Timestamp,
    options: &ImportOptions,
) -> Option<Event> {
    let number = buyer.customer_number.clone().or_else(|| customer_number.map(str::to_owned))?;
    let traits = traits(&buyer, options, at);
    (!traits.is_empty()).then(|| {
        event(EventKind::Identify, "Identify", buyer.line, at, Some(number), options, |event| event.traits = traits)
    })
}

/// What a row says of a person.
pub fn customer_event(row: CustomerRow, options: &ImportOptions) -> Option<Event> {
    let number = row.customer_number.clone()?;
    let at = row.joined_at.unwrap_or(options.now);
    let traits = traits(&row, options, at);
    Some(event(EventKind::Identify, "Identify", row.line, at, Some(number), options, |event| event.traits = traits))
}

fn event(
    kind: EventKind,
    name: &str,
    line: u64,
    occurred_at: Timestamp,
    user_id: Option<String>,
    options: &ImportOptions,
    fill: impl FnOnce(&mut Event),
) -> Event {
    let mut event = Event {
        id: EventId::new(options.now),
        source: options.source.clone(),
        message_id: format!("import:{}:{line}:{}", options.import_id, kind.name()),
        kind,
        name: name.to_owned(),
        occurred_at,
        received_at: options.now,
        user_id,
        anonymous_id: None,
        customer_id: None,
        properties: Map::new(),
        traits: Map::new(),
        context: Map::new(),
        is_simulated: false,
    };
    fill(&mut event);
    event
}

fn kind_of(lines: &[OrderLine]) -> OrderKind {
    let has = |class: LineClass| lines.iter().any(|line| line.class == class);
    if has(LineClass::Refund) {
        OrderKind::Refund
    } else if has(LineClass::Adjustment) {
        OrderKind::Adjustment
    } else {
        OrderKind::Order
    }
}

fn line(line: &OrderLine) -> Line {
    let kind = match (line.class, line.item) {
        (LineClass::Free, _) => LineKind::Free,
        (_, ItemKind::Fee) => LineKind::Fee,
        (_, ItemKind::Product) => LineKind::Product,
    };
    let name = if line.product_name.is_empty() { &line.sku } else { &line.product_name };
    Line {
        key: line.key.to_string(),
        sku: line.sku.clone(),
        name: name.clone(),
        quantity: line.quantity,
        unit_price: line.unit_price.unwrap_or(Decimal::whole(0)),
        amount: line.amount.minor,
        kind,
    }
}

/// What stands beside the lines: postage, fees, a discount.
fn extras(part: &OrderPart) -> Vec<Line> {
    let extra = |key: &str, money: Option<Money>, sign: i64| {
        money.filter(|money| money.minor != 0).map(|money| Line {
            key: key.to_owned(),
            sku: key.to_uppercase(),
            name: key.to_owned(),
            quantity: sign,
            unit_price: Decimal::whole(0),
            amount: money.minor.abs() * sign,
            kind: LineKind::Fee,
        })
    };
    [extra("shipping", part.shipping, 1), extra("fee", part.fee, 1), extra("discount", part.discount, -1)]
        .into_iter()
        .flatten()
        .collect()
}

fn traits(row: &CustomerRow, options: &ImportOptions, at: Timestamp) -> Map<String, Value> {
    let mut traits = Map::new();
    let mut put = |name: &str, value: Option<String>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            traits.insert(name.to_owned(), Value::String(value));
        }
    };
    if let Some(name) = row.name.as_ref().map(|name| name.reveal().clone()) {
        put("family_name", Some(name.family));
        put("given_name", Some(name.given));
        put("family_kana", Some(name.family_kana));
        put("given_kana", Some(name.given_kana));
    }
    put("company", row.company.clone());
    put("email", row.email.as_ref().map(|email| email.reveal().to_owned()).or_else(|| unread(row, "email")));
    put("phone", row.phone.as_ref().map(|phone| phone.reveal().to_owned()));
    if let Some(address) = row.address.as_ref().map(|address| address.reveal().clone()) {
        put("postal_code", address.postal_code.map(|code| code.reveal()));
        put("prefecture", address.prefecture.map(|prefecture| prefecture.name_ja().to_owned()));
        put("city", Some(address.line1));
        put("street", Some(address.line2));
    }
    put("sex", row.sex.map(|sex| sex.name().to_owned()));
    put("birthday", row.birthday.map(vocabulary::birthday::Birthday::reveal));
    put("joined_on", row.joined_at.map(|at| options.zone.day(at).to_string()));
    let consents = consents(row, options, at);
    if !consents.is_empty() {
        traits.insert("consents".to_owned(), Value::Array(consents));
    }
    traits
}

/// What stood in a column that could not be read: kept as it was, so that it shows as a problem and is not lost.
fn unread(row: &CustomerRow, field: &str) -> Option<String> {
    row.warnings.iter().find(|warning| warning.field.name() == field).map(|warning| warning.found.reveal().to_owned())
}

fn consents(row: &CustomerRow, options: &ImportOptions, at: Timestamp) -> Vec<Value> {
    match &options.consent {
        PersonConsent::None => Vec::new(),
        PersonConsent::Declared { basis } => row
            .email
            .iter()
            .map(|_| json!({ "channel": Channel::Email.name(), "state": ConsentState::Granted.name(), "at": at, "basis": basis }))
            .collect(),
        PersonConsent::Column => row
            .consents
            .iter()
            .map(|cell| {
                let basis = cell.basis.as_deref().unwrap_or("import");
                json!({ "channel": cell.channel.name(), "state": cell.state.name(), "at": cell.at.unwrap_or(at), "basis": basis })
            })
            .collect(),
    }
}
