//! The list of customers: sorted by an index, paged by cursor, instant at a million.
//!
//! A search or a selection names the people first. Few of them are sorted here; many are met while the index is read
//! in order.

use crate::{
    profile::sql::{COLUMNS, ProfileRow},
    values::NEVER,
};
use access::{ApiResult, Cursor};
use records::{FromQueryResult, RecordsResult, Sql, in_lists};
use roaring::RoaringBitmap;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use utoipa::ToSchema;
use vocabulary::{Currency, Day, email::Email};

/// People up to this many are read and sorted whole.
const FEW: u64 = 3_000;
/// Rows that are read at a time while looking for the chosen people.
const STRIDE: i64 = 2_000;

/// By what the list is sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = CustomerSort)]
pub enum Sort {
    /// The last order, the latest first.
    #[default]
    LastOrder,
    /// Sales after refunds, the highest first.
    Sales,
    /// Number of orders, the highest first.
    Orders,
    /// The reading of the name.
    Kana,
}

/// Where a page begins: by what is sorted, the sort value and the number of the last row.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Place(pub(crate) Sort, pub(crate) Value, pub(crate) i64);

/// A sort value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Value {
    Figure(i64),
    Text(String),
}

impl Place {
    /// The place, if it is one of a list that is sorted so.
    pub fn of(self, sort: Sort) -> ApiResult<Self> {
        let is_fit = self.0 == sort && matches!(self.1, Value::Text(_)) == (sort == Sort::Kana);
        if is_fit { Ok(self) } else { Err(Cursor::unfit()) }
    }
}

/// A row of the list.
#[derive(Clone, Debug, FromQueryResult)]
pub struct ListRow {
    /// The person.
    #[sea_orm(nested)]
    pub profile: ProfileRow,
    /// Sort text.
    pub sort_kana: String,
    /// Number of orders.
    pub orders: i64,
    /// Sales after refunds, in the reporting currency.
    pub sales: i64,
    /// The last day with an order; `NEVER` without one.
    pub last_order_day: i64,
}

impl ListRow {
    /// Where this row stands in the order.
    pub fn place(&self, sort: Sort) -> Place {
        let value = match sort {
            Sort::LastOrder => Value::Figure(self.last_order_day),
            Sort::Sales => Value::Figure(self.sales),
            Sort::Orders => Value::Figure(self.orders),
            Sort::Kana => Value::Text(self.sort_kana.clone()),
        };
        Place(sort, value, self.profile.customer)
    }
}

/// How many people there are. Both counts read an index, so a million is counted in some milliseconds.
pub async fn count<S: Sql>(sql: &S) -> RecordsResult<u64> {
    let text = "SELECT (SELECT COUNT(*) FROM customers) - (SELECT COUNT(*) FROM customers WHERE redirect_to IS NOT NULL) AS value";
    Ok(u64::try_from(sql.scalar::<i64>(text, vec![]).await?.unwrap_or(0)).unwrap_or(0))
}

/// One more than `rows` rows from `place` on, of `people` when given.
pub async fn find<S: Sql>(
    sql: &S,
    people: Option<&RoaringBitmap>,
    sort: Sort,
    place: Option<Place>,
    rows: usize,
) -> RecordsResult<Vec<ListRow>> {
    match people {
        None => in_order(sql, sort, place, i64::try_from(rows).unwrap_or(200) + 1).await,
        Some(people) if people.len() <= FEW => few(sql, people, sort, place, rows).await,
        Some(people) => among(sql, people, sort, place, rows).await,
    }
}

const FROM: &str = "FROM customers c JOIN customer_values v ON v.customer = c.customer";

impl Sort {
    /// What is sorted by, of `customers c` and `customer_values v`; the direction, and the sign of what stands behind.
    pub(crate) const fn order(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Sort::LastOrder => ("v.last_order_day", "DESC", "<"),
            Sort::Sales => ("v.sales", "DESC", "<"),
            Sort::Orders => ("v.orders", "DESC", "<"),
            Sort::Kana => ("c.sort_kana", "ASC", ">"),
        }
    }

    /// The table whose index has the order.
    pub(crate) const fn table(self) -> &'static str {
        if matches!(self, Sort::Kana) { "c" } else { "v" }
    }

    /// The same table, under its short name.
    pub(crate) const fn read(self) -> &'static str {
        if matches!(self, Sort::Kana) { "customers c" } else { "customer_values v" }
    }

    /// What `text` gives as `key` and `customer`.
    pub(crate) async fn keys<S: Sql>(
        self,
        sql: &S,
        text: &str,
        bound: Vec<records::Value>,
    ) -> RecordsResult<Vec<(Value, i64)>> {
        #[derive(FromQueryResult)]
        struct Figure {
            customer: i64,
            key: i64,
        }
        #[derive(FromQueryResult)]
        struct Text {
            customer: i64,
            key: String,
        }
        Ok(if self == Sort::Kana {
            let rows: Vec<Text> = sql.all(text, bound).await?;
            rows.into_iter().map(|row| (Value::Text(row.key), row.customer)).collect()
        } else {
            let rows: Vec<Figure> = sql.all(text, bound).await?;
            rows.into_iter().map(|row| (Value::Figure(row.key), row.customer)).collect()
        })
    }

    /// The condition for what stands behind a place.
    pub(crate) fn behind(self, place: Option<Place>, bound: &mut Vec<records::Value>) -> String {
        self.compared(self.order().2, place, bound)
    }

    /// The condition for what stands before a place or on it.
    pub(crate) fn until(self, place: Option<Place>, bound: &mut Vec<records::Value>) -> String {
        self.compared(if self == Sort::Kana { "<=" } else { ">=" }, place, bound)
    }

    fn compared(self, sign: &str, place: Option<Place>, bound: &mut Vec<records::Value>) -> String {
        let Some(Place(_, value, customer)) = place else { return String::new() };
        bound.push(match value {
            Value::Figure(figure) => figure.into(),
            Value::Text(text) => text.into(),
        });
        bound.push(customer.into());
        let ((key, ..), table, last) = (self.order(), self.table(), bound.len());
        format!("AND ({key}, {table}.customer) {sign} (${}, ${last})", last - 1)
    }
}

async fn in_order<S: Sql>(sql: &S, sort: Sort, place: Option<Place>, rows: i64) -> RecordsResult<Vec<ListRow>> {
    let mut bound = Vec::new();
    let behind = sort.behind(place, &mut bound);
    read_in_order(sql, sort, &behind, bound, rows).await
}

pub(crate) async fn read_in_order<S: Sql>(
    sql: &S,
    sort: Sort,
    conditions: &str,
    bound: Vec<records::Value>,
    rows: i64,
) -> RecordsResult<Vec<ListRow>> {
    let ((key, direction, _), table) = (sort.order(), sort.table());
    let text = format!(
        "SELECT {COLUMNS}, c.sort_kana, v.orders, v.sales, v.last_order_day {FROM} WHERE c.redirect_to IS NULL {conditions} \
         ORDER BY {key} {direction}, {table}.customer {direction} LIMIT {rows}"
    );
    sql.all(&text, bound).await
}

async fn few<S: Sql>(
    sql: &S,
    people: &RoaringBitmap,
    sort: Sort,
    place: Option<Place>,
    rows: usize,
) -> RecordsResult<Vec<ListRow>> {
    let mut found = keys(sql, people, sort).await?;
    found.sort_by(|a, b| if sort == Sort::Kana { a.cmp(b) } else { b.cmp(a) });
    let place = place.map(|Place(_, value, customer)| (value, customer));
    let is_behind = |own: &(Value, i64)| {
        place.as_ref().is_none_or(|place| if sort == Sort::Kana { own > place } else { own < place })
    };
    let page: Vec<i64> = found.into_iter().filter(is_behind).map(|(_, customer)| customer).take(rows + 1).collect();
    let mut shown: HashMap<i64, ListRow> = HashMap::with_capacity(page.len());
    for list in in_lists(page.iter().copied()) {
        let text = format!(
            "SELECT {COLUMNS}, c.sort_kana, v.orders, v.sales, v.last_order_day {FROM} WHERE c.redirect_to IS NULL AND c.customer IN ({})",
            list.places
        );
        shown.extend(sql.all::<ListRow>(&text, list.values).await?.into_iter().map(|row| (row.profile.customer, row)));
    }
    Ok(page.iter().filter_map(|customer| shown.remove(customer)).collect())
}

/// Where these people stand in the order: what is sorted is short, and only a page of people is read whole.
async fn keys<S: Sql>(sql: &S, people: &RoaringBitmap, sort: Sort) -> RecordsResult<Vec<(Value, i64)>> {
    let (column, _, _) = sort.order();
    let mut found = Vec::new();
    for list in in_lists(people.iter().map(i64::from)) {
        let text = format!(
            "SELECT c.customer, {column} AS key {FROM} WHERE c.redirect_to IS NULL AND c.customer IN ({})",
            list.places
        );
        found.extend(sort.keys(sql, &text, list.values).await?);
    }
    Ok(found)
}

async fn among<S: Sql>(
    sql: &S,
    people: &RoaringBitmap,
    sort: Sort,
    mut place: Option<Place>,
    rows: usize,
) -> RecordsResult<Vec<ListRow>> {
    let mut found = Vec::with_capacity(rows + 1);
    loop {
        let stride = in_order(sql, sort, place.take(), STRIDE).await?;
        let is_last = stride.len() < usize::try_from(STRIDE).unwrap_or(usize::MAX);
        place = stride.last().map(|row| row.place(sort));
        found.extend(
            stride.into_iter().filter(|row| u32::try_from(row.profile.customer).is_ok_and(|n| people.contains(n))),
        );
        if is_last || found.len() > rows {
            found.truncate(rows + 1);
            return Ok(found);
        }
    }
}

/// Money on the wire.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct MoneyView {
    /// Minor units.
    pub minor: i64,
    /// ISO 4217 code.
    pub currency: String,
}

impl MoneyView {
    /// An amount.
    pub fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency: currency.to_string() }
    }
}

/// A person in a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CustomerRowView {
    customer_id: String,
    number: Option<String>,
    name: String,
    kana: Option<String>,
    company: Option<String>,
    email_masked: Option<String>,
    prefecture: Option<String>,
    orders: i64,
    sales: MoneyView,
    last_order_day: Option<String>,
    days_since: Option<i64>,
    is_member_only: bool,
}

impl CustomerRowView {
    /// The view of a row.
    pub fn of(row: &ListRow, reporting: Currency, today: Day) -> Self {
        let profile = &row.profile;
        let kana = profile.name().map(|name| name.reveal().full_kana()).filter(|kana| !kana.is_empty());
        let last = (row.last_order_day > NEVER).then_some(row.last_order_day);
        Self {
            customer_id: profile.id().to_string(),
            number: profile.shown_number(false),
            name: display_name(profile),
            kana,
            company: profile.company.clone(),
            email_masked: profile
                .email
                .as_deref()
                .and_then(|email| Email::parse(email).ok().flatten())
                .map(|email| email.masked()),
            prefecture: profile.prefecture_name(),
            orders: row.orders,
            sales: MoneyView::new(row.sales, reporting),
            last_order_day: last.and_then(|day| i32::try_from(day).ok()).map(|day| Day(day).to_string()),
            days_since: last.map(|day| i64::from(today.0) - day),
            is_member_only: row.orders == 0,
        }
    }
}

/// 森下 千尋; without a name the company, and without both the shop's own number.
pub fn display_name(profile: &ProfileRow) -> String {
    let full = profile.name().map(|name| name.reveal().full()).filter(|full| !full.is_empty());
    full.or_else(|| profile.company.clone())
        .or_else(|| profile.shown_number(false))
        .unwrap_or_else(|| profile.customer.to_string())
}
