//! What a person is worth so far: number of orders, sales after refunds, first and last day.
//!
//! Kept by differences, so that an order costs the same whether it is the first or the thousandth; only when an order
//! changes or goes away are the person's days counted anew.

use crate::orders::Order;
use history::OrderKind;
use records::{BulkInsert, RecordsResult, Sql, Tx, values};
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
            OrderKind::Free | OrderKind::Adjustment => self.sales += sign * amount,
        }
        self.is_recount |= sign < 0;
    }
}

/// Brings `customer_values` up to date.
pub async fn apply(tx: &Tx, changes: HashMap<Ordinal, Change>) -> RecordsResult<()> {
    let mut sorted: Vec<(Ordinal, Change)> = changes.into_iter().collect();
    sorted.sort_unstable_by_key(|(customer, _)| *customer);
    let mut rows = BulkInsert::into(
        "customer_values (customer, orders, sales, refunds, refund_count, first_order_day, last_order_day)",
        "ON CONFLICT (customer) DO UPDATE SET orders = customer_values.orders + excluded.orders, \
         sales = customer_values.sales + excluded.sales, refunds = customer_values.refunds + excluded.refunds, \
         refund_count = customer_values.refund_count + excluded.refund_count, \
         first_order_day = CASE WHEN customer_values.first_order_day IS NULL OR excluded.first_order_day < customer_values.first_order_day \
           THEN excluded.first_order_day ELSE customer_values.first_order_day END, \
         last_order_day = CASE WHEN excluded.last_order_day > customer_values.last_order_day THEN excluded.last_order_day ELSE customer_values.last_order_day END",
    );
    for (customer, change) in &sorted {
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
    rows.run(tx).await?;
    for (customer, _) in sorted.iter().filter(|(_, change)| change.is_recount) {
        recount_days(tx, *customer).await?;
    }
    Ok(())
}

async fn recount_days(tx: &Tx, customer: Ordinal) -> RecordsResult<()> {
    let of = "FROM orders WHERE customer = $1 AND kind = 'order' AND NOT is_simulated";
    let text = format!(
        "UPDATE customer_values SET first_order_day = (SELECT MIN(local_day) {of}), \
         last_order_day = COALESCE((SELECT MAX(local_day) {of}), {NEVER}) WHERE customer = $1"
    );
    tx.execute(&text, values![i64::from(customer)]).await.map(|_| ())
}
