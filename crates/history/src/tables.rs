//! The three tables, row by row and column by column.

use serde::{Deserialize, Serialize};

/// What an order row stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderKind {
    /// A purchase. The only kind that counts for frequency and recency.
    Order,
    /// Goods or money given back; amounts are negative, at the refund's own date.
    Refund,
    /// An order that cost nothing.
    Free,
    /// A correction of the books that no customer made.
    Adjustment,
    /// An order that no longer counts. It has no row in the history.
    Cancelled,
}

impl OrderKind {
    /// The word that stands in the `kind` column.
    pub fn as_str(self) -> &'static str {
        match self {
            OrderKind::Order => "order",
            OrderKind::Refund => "refund",
            OrderKind::Free => "free",
            OrderKind::Adjustment => "adjustment",
            OrderKind::Cancelled => "cancelled",
        }
    }
}

/// What a line of an order stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineKind {
    /// Something that the shop sells.
    Product,
    /// Postage, handling, a bank's charge, a discount line.
    Fee,
    /// A line without a price.
    Free,
}

impl LineKind {
    /// The word that stands in the `line_kind` column.
    pub fn as_str(self) -> &'static str {
        match self {
            LineKind::Product => "product",
            LineKind::Fee => "fee",
            LineKind::Free => "free",
        }
    }
}

/// One version of one order. The newest version counts; older ones are superseded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderRow {
    /// Id of the order, the same for all its versions (UUID in text).
    pub order_id: String,
    /// The shop or till that the order comes from.
    pub site: String,
    /// The number that the site gave to the order.
    pub number: String,
    /// Time of this state at the source, in microseconds since 1970 UTC; the largest wins.
    pub version: i64,
    /// Dense number of the customer, when one is known.
    pub customer: Option<i64>,
    /// Id of the customer (UUID in text), when one is known.
    pub customer_id: Option<String>,
    /// Purchase, refund, free or adjustment.
    pub kind: OrderKind,
    /// When it was ordered (or refunded), in microseconds since 1970 UTC.
    pub ordered_at: i64,
    /// The shop's local day of `ordered_at`, in days since 1970-01-01.
    pub local_day: i32,
    /// Total in minor units of `currency`; negative for refunds.
    pub amount_minor: i64,
    /// The currency of the original (ISO 4217).
    pub currency: String,
    /// Total in minor units of the reporting currency.
    pub reporting_minor: i64,
    /// The part of `reporting_minor` that products make.
    pub products_minor: i64,
    /// The part of `reporting_minor` that postage, charges and discounts make.
    pub fees_minor: i64,
    /// Pieces over all product lines.
    pub quantity: i64,
    /// True for simulated orders, which stay outside of totals.
    pub is_simulated: bool,
}

/// One line of one version of one order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderLineRow {
    /// Id of the order (UUID in text).
    pub order_id: String,
    /// The shop or till that the order comes from.
    pub site: String,
    /// The number that the site gave to the order.
    pub number: String,
    /// The version of the order that this line belongs to.
    pub version: i64,
    /// Place of the line within the order, from 0.
    pub ordinal: i32,
    /// Dense number of the customer, when one is known.
    pub customer: Option<i64>,
    /// Kind of the order that the line belongs to.
    pub kind: OrderKind,
    /// When it was ordered, in microseconds since 1970 UTC.
    pub ordered_at: i64,
    /// The shop's local day of `ordered_at`, in days since 1970-01-01.
    pub local_day: i32,
    /// The product's code at the source.
    pub sku: String,
    /// The product's name, never a person's.
    pub name: Option<String>,
    /// Product, fee or free.
    pub line_kind: LineKind,
    /// Pieces; negative when given back.
    pub quantity: i64,
    /// Price of one piece in millionths of the currency's main unit.
    pub unit_price_micros: i64,
    /// Amount in minor units of the order's currency.
    pub amount_minor: i64,
    /// Amount in minor units of the reporting currency.
    pub reporting_minor: i64,
    /// True for simulated lines.
    pub is_simulated: bool,
}

/// One event as it came in, without what would say who a person is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventRow {
    /// Id of the event (UUID in text).
    pub event_id: String,
    /// Where it comes from: a site, a file, a channel, our own screens.
    pub source: String,
    /// Kind by the Segment spec: `track`, `page`, `identify` and so on.
    pub kind: String,
    /// Name of the event, such as `Product Viewed`; empty for kinds without one.
    pub name: String,
    /// Dense number of the customer, when one is known.
    pub customer: Option<i64>,
    /// Id of the customer (UUID in text), when one is known.
    pub customer_id: Option<String>,
    /// The node of the identity graph that the event came with; never changes.
    pub node: Option<String>,
    /// When it happened, in microseconds since 1970 UTC.
    pub occurred_at: i64,
    /// When it was accepted, in microseconds since 1970 UTC.
    pub received_at: i64,
    /// The shop's local day of `occurred_at`, in days since 1970-01-01.
    pub local_day: i32,
    /// The campaign that it belongs to.
    pub campaign_id: Option<String>,
    /// The channel: `email`, `web`, `store` and so on.
    pub channel: Option<String>,
    /// The page or link, without personal data.
    pub url: Option<String>,
    /// Number of the order that it speaks of.
    pub order_number: Option<String>,
    /// Code of the product that it speaks of.
    pub sku: Option<String>,
    /// An amount in minor units of `currency`.
    pub amount_minor: Option<i64>,
    /// Currency of `amount_minor` (ISO 4217).
    pub currency: Option<String>,
    /// Further properties as JSON, without personal data.
    pub properties_json: Option<String>,
    /// True for simulated events.
    pub is_simulated: bool,
}

/// The tables that a question may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Table {
    /// Newest versions of orders.
    Orders,
    /// Lines of the newest versions of orders.
    OrderLines,
    /// All events.
    Events,
}

impl Table {
    /// All tables.
    pub const ALL: [Table; 3] = [Table::Orders, Table::OrderLines, Table::Events];

    /// The name in SQL.
    pub fn as_str(self) -> &'static str {
        match self {
            Table::Orders => "orders",
            Table::OrderLines => "order_lines",
            Table::Events => "events",
        }
    }

    /// The columns, in their order.
    pub fn columns(self) -> &'static [ColumnDescription] {
        match self {
            Table::Orders => ORDER_COLUMNS,
            Table::OrderLines => ORDER_LINE_COLUMNS,
            Table::Events => EVENT_COLUMNS,
        }
    }
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ColumnKind {
    /// Text.
    Text,
    /// Whole number of 32 bits.
    Integer,
    /// Whole number of 64 bits.
    Long,
    /// Instant in UTC with microseconds.
    Instant,
    /// True or false.
    Flag,
}

/// Name, kind and nullability of a column; its meaning is written at the field of the row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ColumnDescription {
    /// Name in SQL.
    pub name: &'static str,
    /// What it holds.
    pub kind: ColumnKind,
    /// True when it may be empty.
    pub is_nullable: bool,
    /// True when minimum and maximum are not worth their place: long or random text.
    pub is_free_text: bool,
}

const fn always(name: &'static str, kind: ColumnKind) -> ColumnDescription {
    ColumnDescription { name, kind, is_nullable: false, is_free_text: false }
}

const fn maybe(name: &'static str, kind: ColumnKind) -> ColumnDescription {
    ColumnDescription { name, kind, is_nullable: true, is_free_text: false }
}

const fn free(column: ColumnDescription) -> ColumnDescription {
    ColumnDescription { is_free_text: true, ..column }
}

use ColumnKind::{Flag, Instant, Integer, Long, Text};

const ORDER_COLUMNS: &[ColumnDescription] = &[
    free(always("order_id", Text)),
    always("site", Text),
    free(always("number", Text)),
    always("version", Long),
    maybe("customer", Long),
    free(maybe("customer_id", Text)),
    always("kind", Text),
    always("ordered_at", Instant),
    always("local_day", Integer),
    always("amount_minor", Long),
    always("currency", Text),
    always("reporting_minor", Long),
    always("products_minor", Long),
    always("fees_minor", Long),
    always("quantity", Long),
    always("is_simulated", Flag),
    always("month", Text),
];

const ORDER_LINE_COLUMNS: &[ColumnDescription] = &[
    free(always("order_id", Text)),
    always("site", Text),
    free(always("number", Text)),
    always("version", Long),
    always("ordinal", Integer),
    maybe("customer", Long),
    always("kind", Text),
    always("ordered_at", Instant),
    always("local_day", Integer),
    always("sku", Text),
    free(maybe("name", Text)),
    always("line_kind", Text),
    always("quantity", Long),
    always("unit_price_micros", Long),
    always("amount_minor", Long),
    always("reporting_minor", Long),
    always("is_simulated", Flag),
    always("month", Text),
];

const EVENT_COLUMNS: &[ColumnDescription] = &[
    free(always("event_id", Text)),
    always("source", Text),
    always("kind", Text),
    always("name", Text),
    maybe("customer", Long),
    free(maybe("customer_id", Text)),
    free(maybe("node", Text)),
    always("occurred_at", Instant),
    always("received_at", Instant),
    always("local_day", Integer),
    maybe("campaign_id", Text),
    maybe("channel", Text),
    free(maybe("url", Text)),
    free(maybe("order_number", Text)),
    maybe("sku", Text),
    maybe("amount_minor", Long),
    maybe("currency", Text),
    free(maybe("properties_json", Text)),
    always("is_simulated", Flag),
    always("month", Text),
];

/// The month `YYYY-MM` that a local day (days since 1970-01-01) lies in.
///
/// ```
/// assert_eq!(history::month_of_local_day(0), "1970-01");
/// assert_eq!(history::month_of_local_day(-1), "1969-12");
/// assert_eq!(history::month_of_local_day(20_770), "2026-11");
/// ```
pub fn month_of_local_day(local_day: i32) -> String {
    // Civil date from a day count: years begin in March, so that the leap day comes last.
    let shifted = i64::from(local_day) + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}")
}
