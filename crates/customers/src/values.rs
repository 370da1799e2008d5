//! What a person is worth so far: number of orders, sales after refunds, first and last day.
//!
//! Kept by differences, so that an order costs the same whether it is the first or the thousandth; only when an order
//! changes, or two people turn out to be one, is a person counted anew. Orders that are dated ahead are in these figures
//! at once; whoever asks as of a day leaves them out (`segments`, the card).

use crate::orders::Order;
use history::OrderKind;
use records::{BulkInsert, RecordsResult, Sql, Tx, in_lists, values};
use std::collections::HashMap;
use vocabulary::{Currency, Day, id::Ordinal};

/// `last_order_day` of a person who never bought.
pub const NEVER: i64 = -1_000_000;

/// How a batch changes a person's figures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Change {
    orders: i64,
    sales: i64,
    refunds: i64,
    refund_count: i64,
    first_day: Option<Day>,
    last_day: Option<Day>,
    is_recount: bool,
}

impl Change {
    /// Counts an order in (`sign` 1) or out (`sign` −1).
    pub fn count(&mut self, order: &Order, reporting: Currency, day: Day, sign: i64) {
        let amount = order.totals(reporting).reporting;
        match order.state.kind {
            OrderKind::Order => {
                self.orders += sign;
                self.sales += sign * amount;
                self.first_day = Some(self.first_day.map_or(day, |first| first.min(day)));
                self.last_day = Some(self.last_day.map_or(day, |last| last.max(day)));
            }
            OrderKind::Refund => {
                self.refund_count += sign;
                self.refunds += sign * amount;
                self.sales += sign * amount;
            }
            OrderKind::Free | OrderKind::Adjustment | OrderKind::Cancelled => self.sales += sign * amount,
        }
        self.is_recount |= sign < 0;
    }
}

/// Brings `customer_values` up to date. The orders have been written.
pub async fn apply(tx: &Tx, changes: HashMap<Ordinal, Change>) -> RecordsResult<()> {
    let mut sorted: Vec<(Ordinal, Change)> = changes.into_iter().collect();
    sorted.sort_unstable_by_key(|(customer, _)| *customer);
    let (changed, added): (Vec<_>, Vec<_>) = sorted.into_iter().partition(|(_, change)| change.is_recount);
    add(tx, &added).await?;
    recount(tx, &changed.into_iter().map(|(customer, _)| customer).collect::<Vec<_>>()).await
}

async fn add(tx: &Tx, added: &[(Ordinal, Change)]) -> RecordsResult<()> {
    let mut rows = BulkInsert::into(
        "customer_values (customer, orders, sales, refunds, refund_count, first_order_day, last_order_day)",
        "ON CONFLICT (customer) DO UPDATE SET orders = customer_values.orders + excluded.orders, \
         sales = customer_values.sales + excluded.sales, refunds = customer_values.refunds + excluded.refunds, \
         refund_count = customer_values.refund_count + excluded.refund_count, \
         first_order_day = CASE WHEN customer_values.first_order_day IS NULL OR excluded.first_order_day < customer_values.first_order_day \
           THEN excluded.first_order_day ELSE customer_values.first_order_day END, \
         last_order_day = CASE WHEN excluded.last_order_day > customer_values.last_order_day THEN excluded.last_order_day ELSE customer_values.last_order_day END",
    );
    for (customer, change) in added {
        let first = change.first_day.map(|day| i64::from(day.0));
        let last = change.last_day.map_or(NEVER, |day| i64::from(day.0));
        rows.push(values![
            i64::from(*customer),
            change.orders,
            change.sales,
            change.refunds,
            change.refund_count,
            first,
            last
        ]);
    }
    rows.run(tx).await.map(|_| ())
}

/// Counts the figures of these people anew from their orders.
pub(crate) async fn recount(tx: &Tx, customers: &[Ordinal]) -> RecordsResult<()> {
    for list in in_lists(customers.iter().map(|customer| i64::from(*customer))) {
        let text = format!(
            "INSERT INTO customer_values (customer, orders, sales, refunds, refund_count, first_order_day, last_order_day) \
             SELECT v.customer, {FIGURES} FROM customer_values v \
             LEFT JOIN orders o ON o.customer = v.customer AND NOT o.is_simulated WHERE v.customer IN ({}) GROUP BY v.customer \
             ON CONFLICT (customer) DO UPDATE SET orders = excluded.orders, sales = excluded.sales, refunds = excluded.refunds, \
             refund_count = excluded.refund_count, first_order_day = excluded.first_order_day, last_order_day = excluded.last_order_day",
            list.places
        );
        tx.execute(&text, list.values).await?;
    }
    Ok(())
}

/// The figures as they are counted from orders `o`, in the order of the table's columns.
const FIGURES: &str = "COUNT(CASE WHEN o.kind = 'order' THEN 1 END), CAST(COALESCE(SUM(o.reporting), 0) AS BIGINT), \
    CAST(COALESCE(SUM(CASE WHEN o.kind = 'refund' THEN o.reporting END), 0) AS BIGINT), \
    COUNT(CASE WHEN o.kind = 'refund' THEN 1 END), MIN(CASE WHEN o.kind = 'order' THEN o.local_day END), \
    COALESCE(MAX(CASE WHEN o.kind = 'order' THEN o.local_day END), -1000000)";

/// Somebody who is no customer any more has no figures.
pub(crate) async fn forget(tx: &Tx, customer: Ordinal) -> RecordsResult<()> {
    tx.execute("DELETE FROM customer_values WHERE customer = $1", values![i64::from(customer)]).await.map(|_| ())
}
