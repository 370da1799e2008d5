//! The rows of orders.

use super::{Line, Order, OrderState};
use history::OrderKind;
use records::{BulkInsert, FromQueryResult, RecordsError, RecordsResult, Sql, Value, values};
use std::collections::HashMap;
use uuid::Uuid;
use vocabulary::{Currency, Timestamp, Zone, id::Ordinal, money::Decimal};

/// A stored order with its person.
#[derive(Clone, Debug)]
pub struct StoredOrder {
    /// The order.
    pub order: Order,
    /// Whose it is.
    pub customer: Option<Ordinal>,
    /// Made by the demo.
    pub is_simulated: bool,
}

#[derive(FromQueryResult)]
struct Row {
    order_id: Uuid,
    site: String,
    number: String,
    version: i64,
    kind: String,
    customer: Option<i64>,
    ordered_at: i64,
    currency: String,
    rate: Option<String>,
    is_simulated: bool,
    lines: String,
}

const COLUMNS: &str =
    "order_id, site, number, version, kind, customer, ordered_at, currency, rate, is_simulated, lines";

/// The orders with these ids.
pub async fn find<S: Sql>(sql: &S, ids: &[Uuid]) -> RecordsResult<HashMap<Uuid, StoredOrder>> {
    let mut found = HashMap::with_capacity(ids.len());
    for chunk in ids.chunks(500) {
        let text = format!("SELECT {COLUMNS} FROM orders WHERE order_id IN ({})", list(chunk.len()));
        let rows: Vec<Row> = sql.all(&text, chunk.iter().map(|id| Value::from(*id)).collect()).await?;
        for row in rows {
            found.insert(row.order_id, stored(row)?);
        }
    }
    Ok(found)
}

/// All orders and refunds of a person, the newest first.
pub async fn of_customer<S: Sql>(sql: &S, customer: Ordinal) -> RecordsResult<Vec<StoredOrder>> {
    let text = format!("SELECT {COLUMNS} FROM orders WHERE customer = $1 ORDER BY ordered_at DESC, order_id");
    let rows: Vec<Row> = sql.all(&text, values![i64::from(customer)]).await?;
    rows.into_iter().map(stored).collect()
}

/// The people whose order bears this number.
pub async fn customers_of_number<S: Sql>(sql: &S, number: &str) -> RecordsResult<Vec<i64>> {
    sql.column(
        "SELECT DISTINCT customer AS value FROM orders WHERE number = $1 AND customer IS NOT NULL LIMIT 50",
        values![number],
    )
    .await
}

/// Writes the newest states.
pub async fn save<S: Sql>(sql: &S, orders: &[StoredOrder], reporting: Currency, zone: Zone) -> RecordsResult<()> {
    let mut rows = BulkInsert::into(
        "orders (order_id, site, number, version, kind, customer, ordered_at, local_day, currency, rate, amount, reporting, quantity, is_simulated, content, lines)",
        "ON CONFLICT (order_id) DO UPDATE SET version = excluded.version, kind = excluded.kind, customer = excluded.customer, \
         ordered_at = excluded.ordered_at, local_day = excluded.local_day, currency = excluded.currency, rate = excluded.rate, \
         amount = excluded.amount, reporting = excluded.reporting, quantity = excluded.quantity, content = excluded.content, lines = excluded.lines",
    );
    for stored in orders {
        let (order, totals) = (&stored.order, stored.order.totals(reporting));
        let lines = serde_json::to_string(&order.state.lines).map_err(|_| RecordsError::unreadable("orders.lines"))?;
        rows.push(values![
            order.order_id,
            order.state.site.clone(),
            order.state.number.clone(),
            order.version,
            order.state.kind.as_str(),
            stored.customer.map(i64::from),
            order.ordered_at.micros(),
            i64::from(zone.day(order.ordered_at).0),
            order.state.currency.to_string(),
            order.state.rate.map(|rate| rate.to_string()),
            totals.amount,
            totals.reporting,
            totals.quantity,
            stored.is_simulated,
            order.content().to_vec(),
            lines,
        ]);
    }
    rows.run(sql).await.map(|_| ())
}

fn stored(row: Row) -> RecordsResult<StoredOrder> {
    let unreadable = |what: &str| RecordsError::unreadable(format!("orders.{what} of {}", row.order_id));
    let lines: Vec<Line> = serde_json::from_str(&row.lines).map_err(|_| unreadable("lines"))?;
    let currency: Currency = row.currency.parse().map_err(|_| unreadable("currency"))?;
    let rate: Option<Decimal> = row.rate.as_deref().map(str::parse).transpose().map_err(|_| unreadable("rate"))?;
    let kind = [OrderKind::Order, OrderKind::Refund, OrderKind::Free, OrderKind::Adjustment]
        .into_iter()
        .find(|kind| kind.as_str() == row.kind)
        .ok_or_else(|| unreadable("kind"))?;
    let customer = row.customer.map(Ordinal::try_from).transpose().map_err(|_| unreadable("customer"))?;
    let state = OrderState { site: row.site, number: row.number, kind, currency, rate, is_partial: false, lines };
    let order = Order {
        order_id: row.order_id,
        state,
        ordered_at: Timestamp::from_micros(row.ordered_at),
        version: row.version,
    };
    Ok(StoredOrder { order, customer, is_simulated: row.is_simulated })
}

/// `$1, $2, …`.
pub(crate) fn list(count: usize) -> String {
    (1..=count).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ")
}
