//! A row of a file as an event.

use crate::{
    files::{CustomerRow, ItemKind, LineClass, OrderLine, OrderPart},
    ingest::Journalled,
};
use customers::orders::{Line, OrderState};
use history::{LineKind, OrderKind};
use serde::Serialize;
use serde_json::{Map, Value, json, value::to_raw_value};
use std::collections::BTreeMap;
use vocabulary::{
    Currency, Event, EventId, Money, Timestamp, Zone,
    consent::{Channel, ConsentState},
    event::{EventKind, IMPORT_ID, names},
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

/// What some lines of a file say of an order.
pub(super) struct ToldOrder {
    pub state: OrderState,
    pub at: Timestamp,
    pub customer_number: Option<String>,
    line: u64,
}

/// The lines of one order, as they came from the file; when none of them counts, that the order does not.
pub(super) fn order_told(part: OrderPart, options: &ImportOptions) -> ToldOrder {
    if part.is_cancelled() {
        return cancelled(part, options);
    }
    let kind = kind_of(&part.lines);
    let extras = extras(&part);
    let lines = part.lines.into_iter().filter(|line| line.class != LineClass::Cancelled).map(line);
    let state = OrderState {
        site: options.source.clone(),
        number: part.order_number,
        kind,
        currency: part.currency,
        rate: options.rate_of(part.currency),
        is_partial: true,
        lines: lines.chain(extras).collect(),
    };
    ToldOrder {
        state: state.settled(),
        at: part.ordered_at,
        customer_number: part.customer_number,
        line: part.first_line,
    }
}

/// It does not count from now on, whatever other files say of it, and makes nobody a customer.
fn cancelled(part: OrderPart, options: &ImportOptions) -> ToldOrder {
    let state = OrderState {
        site: options.source.clone(),
        number: part.order_number,
        kind: OrderKind::Cancelled,
        currency: options.reporting,
        rate: None,
        is_partial: false,
        lines: Vec::new(),
    };
    ToldOrder { state, at: options.now, customer_number: None, line: part.first_line }
}

impl ImportOptions {
    /// Reporting currency per this one, when they differ.
    pub(super) fn rate_of(&self, currency: Currency) -> Option<Decimal> {
        self.rate.filter(|_| currency != self.reporting)
    }
}

impl ToldOrder {
    /// The event that says it, as the journal keeps it. Written at once: a file has millions of them.
    pub(super) fn payload(&self, options: &ImportOptions) -> serde_json::Result<Vec<u8>> {
        #[derive(Serialize)]
        struct Properties<'a> {
            order: &'a OrderState,
        }
        let properties = to_raw_value(&Properties { order: &self.state })?;
        let context = to_raw_value(&BTreeMap::from([(IMPORT_ID, options.import_id)]))?;
        let name = match self.state.kind {
            OrderKind::Refund => names::ORDER_REFUNDED,
            OrderKind::Cancelled => names::ORDER_CANCELLED,
            OrderKind::Order | OrderKind::Free | OrderKind::Adjustment => names::ORDER_COMPLETED,
        };
        serde_json::to_vec(&Journalled {
            id: EventId::new(options.now),
            source: &options.source,
            message_id: &message_id(options, self.line, EventKind::Track),
            kind: EventKind::Track,
            name,
            occurred_at: self.at,
            received_at: options.now,
            user_id: self.customer_number.as_deref(),
            anonymous_id: None,
            properties: Some(&properties),
            traits: None,
            context: Some(&context),
        })
    }
}

/// One for each thing that a line says. Begun again with other choices, it says other things of the same lines.
fn message_id(options: &ImportOptions, line: u64, kind: EventKind) -> String {
    format!("import:{}:{}:{line}:{}", options.import_id, options.now.micros(), kind.name())
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
    (!traits.is_empty()).then(|| identify(traits, buyer.line, at, number, options))
}

/// What a row says of a person.
pub fn customer_event(row: CustomerRow, options: &ImportOptions) -> Option<Event> {
    let number = row.customer_number.clone()?;
    let at = row.joined_at.unwrap_or(options.now);
    let traits = traits(&row, options, at);
    Some(identify(traits, row.line, at, number, options))
}

/// What is said of a person.
fn identify(
    traits: Map<String, Value>,
    line: u64,
    occurred_at: Timestamp,
    user_id: String,
    options: &ImportOptions,
) -> Event {
    let mut event = Event {
        id: EventId::new(options.now),
        source: options.source.clone(),
        message_id: message_id(options, line, EventKind::Identify),
        kind: EventKind::Identify,
        name: "Identify".to_owned(),
        occurred_at,
        received_at: options.now,
        user_id: Some(user_id),
        anonymous_id: None,
        customer_id: None,
        properties: Map::new(),
        traits,
        context: Map::new(),
        is_simulated: false,
    };
    event.set_import_id(options.import_id);
    event
}

/// What the lines are called; what they come to, [`OrderState::settled`] sees.
fn kind_of(lines: &[OrderLine]) -> OrderKind {
    let mut classes = lines.iter().map(|line| line.class).filter(|class| *class != LineClass::Cancelled);
    if lines.iter().any(|line| line.class == LineClass::Adjustment) {
        OrderKind::Adjustment
    } else if classes.all(|class| class == LineClass::Refund) {
        OrderKind::Refund
    } else {
        OrderKind::Order
    }
}

fn line(line: OrderLine) -> Line {
    let kind = match (line.class, line.item) {
        (LineClass::Free, _) => LineKind::Free,
        (_, ItemKind::Fee) => LineKind::Fee,
        (_, ItemKind::Product) => LineKind::Product,
    };
    let name = if line.product_name.is_empty() { line.sku.clone() } else { line.product_name };
    Line {
        key: line.key.to_string(),
        sku: line.sku,
        name,
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::files::{LineKey, order_lines::OrderStatus};

    #[test]
    fn what_is_written_at_once_is_read_as_an_event() {
        let now = Timestamp::from_micros(1_794_529_800_000_000);
        let amount = Money::new(1_280, Currency::JPY);
        let line = OrderLine {
            line: 2,
            key: LineKey { content: 7, ordinal: 0 },
            class: LineClass::Purchase,
            item: ItemKind::Product,
            sku: "A-1".into(),
            product_name: "石けん".into(),
            quantity: 1,
            unit_price: Some(Decimal::whole(1_280)),
            amount,
        };
        let part = OrderPart {
            order_number: "N1".into(),
            customer_number: Some("C1".into()),
            ordered_at: now,
            status: OrderStatus::Placed,
            currency: Currency::JPY,
            country: None,
            discount: None,
            shipping: Some(Money::new(600, Currency::JPY)),
            fee: None,
            buyer: None,
            lines: vec![line],
            first_line: 2,
            last_line: 2,
        };
        let options = ImportOptions {
            import_id: ImportId::new(now),
            source: "shop".into(),
            currency: Currency::JPY,
            reporting: Currency::JPY,
            rate: None,
            zone: Zone::TOKYO,
            consent: PersonConsent::None,
            now,
        };
        let told = order_told(part, &options);
        let event: Event = serde_json::from_slice(&told.payload(&options).unwrap()).unwrap();
        assert_eq!((event.import_id(), event.user_id.as_deref()), (Some(options.import_id), Some("C1")));
        assert_eq!(customers::orders::order_of_event(&event, Currency::JPY), Ok(Some(told.state.clone())));
        assert_eq!(told.state.lines.iter().map(|line| line.amount).sum::<i64>(), 1_880);
    }
}
