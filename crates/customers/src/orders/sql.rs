//! The rows of orders.

use super::{Line, Order, OrderState, Statement, Statements};
use crate::origin::Origin;
use history::OrderKind;
use records::{BulkInsert, FromQueryResult, RecordsError, RecordsResult, Sql, in_lists, values};
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
    whole_at: Option<i64>,
}

const COLUMNS: &str =
    "order_id, site, number, version, kind, customer, ordered_at, currency, rate, is_simulated, lines, whole_at";

/// A stored order with all that is said of it.
#[derive(Clone, Debug)]
pub struct KnownOrder {
    /// The order.
    pub stored: StoredOrder,
    /// Who says what of it.
    pub statements: Statements,
}

#[derive(FromQueryResult)]
struct KnownRow {
    #[sea_orm(nested)]
    row: Row,
    origin: String,
    origins: i64,
    stated_at: i64,
}

#[derive(FromQueryResult)]
struct StatementRow {
    order_id: Uuid,
    origin: String,
    stated_at: i64,
    kind: String,
    customer: Option<i64>,
    ordered_at: i64,
    currency: String,
    rate: Option<String>,
    is_simulated: bool,
    lines: String,
    whole_at: Option<i64>,
}

/// The orders with these ids.
pub async fn find<S: Sql>(sql: &S, ids: &[Uuid]) -> RecordsResult<HashMap<Uuid, KnownOrder>> {
    let mut found = HashMap::with_capacity(ids.len());
    let mut apart = Vec::new();
    for list in in_lists(ids.iter().copied()) {
        let text =
            format!("SELECT {COLUMNS}, origin, origins, stated_at FROM orders WHERE order_id IN ({})", list.places);
        let rows: Vec<KnownRow> = sql.all(&text, list.values).await?;
        for known in rows {
            let (id, origin) = (known.row.order_id, Origin::read(&known.origin)?);
            let stored = stored(known.row)?;
            let statements = if known.origins > 1 {
                apart.push(id);
                Statements::default()
            } else {
                Statements::new(vec![only_statement(&stored, origin, known.stated_at)])
            };
            found.insert(id, KnownOrder { stored, statements });
        }
    }
    for (id, statements) in statements_of(sql, &found, &apart).await? {
        if let Some(known) = found.get_mut(&id) {
            known.statements = Statements::new(statements);
        }
    }
    Ok(found)
}

/// What its only origin says of an order is the order itself.
fn only_statement(stored: &StoredOrder, origin: Origin, stated_at: i64) -> Statement {
    let mut order = stored.order.clone();
    (order.version, order.state.is_partial) = (stated_at, order.whole_at.is_none());
    Statement { origin, order, customer: stored.customer, is_simulated: stored.is_simulated }
}

async fn statements_of<S: Sql>(
    sql: &S,
    known: &HashMap<Uuid, KnownOrder>,
    ids: &[Uuid],
) -> RecordsResult<HashMap<Uuid, Vec<Statement>>> {
    let mut found: HashMap<Uuid, Vec<Statement>> = HashMap::with_capacity(ids.len());
    for list in in_lists(ids.iter().copied()) {
        let text = format!(
            "SELECT order_id, origin, stated_at, kind, customer, ordered_at, currency, rate, is_simulated, lines, whole_at \
             FROM order_statements WHERE order_id IN ({})",
            list.places
        );
        let rows: Vec<StatementRow> = sql.all(&text, list.values).await?;
        for row in rows {
            let Some(state) = known.get(&row.order_id).map(|known| &known.stored.order.state) else { continue };
            let (origin, stated_at) = (Origin::read(&row.origin)?, row.stated_at);
            let stored = stored(Row {
                order_id: row.order_id,
                site: state.site.clone(),
                number: state.number.clone(),
                version: stated_at,
                kind: row.kind,
                customer: row.customer,
                ordered_at: row.ordered_at,
                currency: row.currency,
                rate: row.rate,
                is_simulated: row.is_simulated,
                lines: row.lines,
                whole_at: row.whole_at,
            })?;
            found.entry(row.order_id).or_default().push(only_statement(&stored, origin, stated_at));
        }
    }
    Ok(found)
}

/// The last versions of those of these orders that nobody told any more.
pub(super) async fn withdrawn<S: Sql>(sql: &S, ids: &[Uuid]) -> RecordsResult<HashMap<Uuid, i64>> {
    #[derive(FromQueryResult)]
    struct Withdrawn {
        order_id: Uuid,
        version: i64,
    }
    let mut found = HashMap::new();
    for list in in_lists(ids.iter().copied()) {
        let text = format!("SELECT order_id, version FROM withdrawn_orders WHERE order_id IN ({})", list.places);
        let rows: Vec<Withdrawn> = sql.all(&text, list.values).await?;
        found.extend(rows.into_iter().map(|row| (row.order_id, row.version)));
    }
    Ok(found)
}

/// An order of which an origin speaks.
#[derive(Debug, FromQueryResult)]
pub struct ToldOrder {
    /// Its id.
    pub order_id: Uuid,
    /// The site that gave the number.
    pub site: String,
    /// The number.
    pub number: String,
    /// Whose order it is, as this origin says.
    pub customer_id: Option<Uuid>,
}

/// Orders of which an origin speaks, by their ids, behind the one of the page before. Goes through all orders: nobody
/// needs it but who takes an import back.
pub async fn told_by<S: Sql>(sql: &S, origin: Origin, after: Uuid, rows: i64) -> RecordsResult<Vec<ToldOrder>> {
    let text = "SELECT o.order_id, o.site, o.number, c.customer_id FROM orders o \
        LEFT JOIN order_statements s ON s.order_id = o.order_id AND s.origin = $2 AND o.origins > 1 \
        LEFT JOIN customers c ON c.customer = COALESCE(s.customer, o.customer) \
        WHERE o.order_id > $1 AND ((o.origins = 1 AND o.origin = $2) OR s.order_id IS NOT NULL) ORDER BY o.order_id LIMIT $3";
    sql.all(text, values![after, origin.text(), rows]).await
}

/// All orders and refunds of a person, the newest first.
pub async fn of_customer<S: Sql>(sql: &S, customer: Ordinal) -> RecordsResult<Vec<StoredOrder>> {
    let text = format!("SELECT {COLUMNS} FROM orders WHERE customer = $1 ORDER BY ordered_at DESC, order_id");
    let rows: Vec<Row> = sql.all(&text, values![i64::from(customer)]).await?;
    rows.into_iter().map(stored).collect()
}

/// Up to `rows_max` orders and refunds of a person, the newest first, behind a place: an instant in microseconds and an
/// order's id. All of them are behind no place.
pub async fn of_customer_behind<S: Sql>(
    sql: &S,
    customer: Ordinal,
    place: Option<(i64, Uuid)>,
    rows_max: usize,
) -> RecordsResult<Vec<StoredOrder>> {
    let (at, id) = place.unwrap_or((i64::MAX, Uuid::max()));
    let text = format!(
        "SELECT {COLUMNS} FROM orders WHERE customer = $1 AND (ordered_at, order_id) < ($2, $3) \
         ORDER BY ordered_at DESC, order_id DESC LIMIT $4"
    );
    let rows_max = i64::try_from(rows_max).unwrap_or(i64::MAX);
    let rows: Vec<Row> = sql.all(&text, values![i64::from(customer), at, id, rows_max]).await?;
    rows.into_iter().map(stored).collect()
}

/// What was said of the orders of somebody who turned out to be somebody else, where others have them now.
pub(super) async fn move_statements<S: Sql>(sql: &S, from: Ordinal, into: Ordinal) -> RecordsResult<()> {
    let text = "UPDATE order_statements SET customer = $1 WHERE customer = $2";
    sql.execute(text, values![i64::from(into), i64::from(from)]).await.map(|_| ())
}

/// The people whose order bears this number.
pub async fn customers_of_number<S: Sql>(sql: &S, number: &str) -> RecordsResult<Vec<i64>> {
    sql.column(
        "SELECT DISTINCT customer AS value FROM orders WHERE number = $1 AND customer IS NOT NULL LIMIT 50",
        values![number],
    )
    .await
}

/// Writes the newest states, and who told them.
pub(super) async fn save<S: Sql>(
    sql: &S,
    orders: &[&KnownOrder],
    reporting: Currency,
    zone: Zone,
) -> RecordsResult<()> {
    let mut rows = BulkInsert::into(
        "orders (order_id, site, number, version, kind, customer, ordered_at, local_day, currency, rate, amount, reporting, quantity, is_simulated, \
         content, lines, origin, origins, stated_at, whole_at)",
        "ON CONFLICT (order_id) DO UPDATE SET version = excluded.version, kind = excluded.kind, customer = excluded.customer, \
         ordered_at = excluded.ordered_at, local_day = excluded.local_day, currency = excluded.currency, rate = excluded.rate, \
         amount = excluded.amount, reporting = excluded.reporting, quantity = excluded.quantity, content = excluded.content, lines = excluded.lines, \
         is_simulated = excluded.is_simulated, origin = excluded.origin, origins = excluded.origins, stated_at = excluded.stated_at, whole_at = excluded.whole_at",
    );
    for known in orders {
        let (stored, order) = (&known.stored, &known.stored.order);
        let totals = order.totals(reporting);
        let newest = known.statements.iter().max_by_key(|statement| (statement.order.version, statement.origin));
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
            written(&order.state.lines)?,
            newest.map(|statement| statement.origin.text()).unwrap_or_default(),
            i64::try_from(known.statements.len()).unwrap_or(i64::MAX),
            newest.map_or(order.version, |statement| statement.order.version),
            order.whole_at.map(Timestamp::micros),
        ]);
    }
    rows.run(sql).await.map(|_| ())
}

/// Writes the statements of orders that several origins tell, in place of those that were there.
pub(super) async fn save_statements<S: Sql>(sql: &S, orders: &[&KnownOrder]) -> RecordsResult<()> {
    let mut rows = BulkInsert::into(
        "order_statements (order_id, origin, stated_at, kind, customer, ordered_at, currency, rate, is_simulated, lines, whole_at)",
        "",
    );
    let ids: Vec<Uuid> = orders.iter().map(|known| known.stored.order.order_id).collect();
    delete(sql, "order_statements", &ids).await?;
    for known in orders.iter().filter(|known| known.statements.len() > 1) {
        for statement in known.statements.iter() {
            let (order, state) = (&statement.order, &statement.order.state);
            rows.push(values![
                order.order_id,
                statement.origin.text(),
                order.version,
                state.kind.as_str(),
                statement.customer.map(i64::from),
                order.ordered_at.micros(),
                state.currency.to_string(),
                state.rate.map(|rate| rate.to_string()),
                statement.is_simulated,
                written(&state.lines)?,
                order.whole_at.map(Timestamp::micros),
            ]);
        }
    }
    rows.run(sql).await.map(|_| ())
}

/// Takes away orders that nobody tells any more.
pub(super) async fn withdraw<S: Sql>(sql: &S, orders: &[&StoredOrder]) -> RecordsResult<()> {
    let mut rows = BulkInsert::into(
        "withdrawn_orders (order_id, version)",
        "ON CONFLICT (order_id) DO UPDATE SET version = excluded.version",
    );
    orders.iter().for_each(|stored| rows.push(values![stored.order.order_id, stored.order.version]));
    rows.run(sql).await?;
    let ids: Vec<Uuid> = orders.iter().map(|stored| stored.order.order_id).collect();
    delete(sql, "order_statements", &ids).await?;
    delete(sql, "orders", &ids).await
}

/// Takes away products that no order names any more.
pub(super) async fn forget_unnamed_products<S: Sql>(sql: &S) -> RecordsResult<()> {
    sql.execute("DELETE FROM products WHERE lines <= 0", vec![]).await.map(|_| ())
}

async fn delete<S: Sql>(sql: &S, table: &str, ids: &[Uuid]) -> RecordsResult<()> {
    for list in in_lists(ids.iter().copied()) {
        let text = format!("DELETE FROM {table} WHERE order_id IN ({})", list.places);
        sql.execute(&text, list.values).await?;
    }
    Ok(())
}

fn written(lines: &[Line]) -> RecordsResult<String> {
    serde_json::to_string(lines).map_err(|_| RecordsError::unreadable("orders.lines"))
}

fn stored(row: Row) -> RecordsResult<StoredOrder> {
    let unreadable = |what: &str| RecordsError::unreadable(format!("orders.{what} of {}", row.order_id));
    let lines: Vec<Line> = serde_json::from_str(&row.lines).map_err(|_| unreadable("lines"))?;
    let currency: Currency = row.currency.parse().map_err(|_| unreadable("currency"))?;
    let rate: Option<Decimal> = row.rate.as_deref().map(str::parse).transpose().map_err(|_| unreadable("rate"))?;
    use OrderKind::{Adjustment, Cancelled, Free, Order as Purchase, Refund};
    let kind = [Purchase, Refund, Free, Adjustment, Cancelled]
        .into_iter()
        .find(|kind| kind.as_str() == row.kind)
        .ok_or_else(|| unreadable("kind"))?;
    let customer = row.customer.map(Ordinal::try_from).transpose().map_err(|_| unreadable("customer"))?;
    let state = OrderState { site: row.site, number: row.number, kind, currency, rate, is_partial: false, lines };
    let order = Order {
        order_id: row.order_id,
        state,
        ordered_at: Timestamp::from_micros(row.ordered_at),
        whole_at: row.whole_at.map(Timestamp::from_micros),
        version: row.version,
    };
    Ok(StoredOrder { order, customer, is_simulated: row.is_simulated })
}
