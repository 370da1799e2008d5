//! Orders follow the stream: the newest state of each, what each person is worth, and the rows of the history.

use super::{
    Order, history_rows, order_id,
    segment_spec::order_of_event,
    sql::{self, StoredOrder},
};
use crate::{
    stream::{Batch, Known, Projection, Resolved},
    values::{self, Change},
};
use async_trait::async_trait;
use history::{Append, LineKind, OrderKind};
use records::{BulkInsert, RecordsResult, Tx, values};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;
use vocabulary::{Currency, id::Ordinal};

/// Keeps `orders`, `customer_values` and `products`.
pub struct OrdersProjection {
    /// The currency of all reports.
    pub reporting: Currency,
}

/// An order that the batch has changed.
struct Touched {
    stored: StoredOrder,
    before: Option<StoredOrder>,
    customer: Option<Known>,
    position: u64,
}

#[async_trait]
impl Projection for OrdersProjection {
    async fn apply(&self, tx: &Tx, batch: &Batch, history: &mut Append) -> RecordsResult<()> {
        let told = self.told(batch);
        if told.is_empty() {
            return Ok(());
        }
        let ids: Vec<Uuid> = told.iter().map(|(_, state)| order_id(&state.site, &state.number)).collect();
        let known = sql::find(tx, &ids).await?;
        let touched = merge(told, known);
        let stored: Vec<StoredOrder> = touched.values().map(|touched| touched.stored.clone()).collect();
        sql::save(tx, &stored, self.reporting, batch.zone).await?;
        values::apply(tx, self.changes(&touched, batch)).await?;
        self.save_products(tx, &touched).await?;
        for touched in touched.values() {
            if let Some(before) = &touched.before {
                history.supersede(touched.position, before.order.order_id.to_string(), before.order.version);
            }
            history_rows::add(
                history,
                touched.position,
                &touched.stored.order,
                touched.customer,
                touched.stored.is_simulated,
                self.reporting,
                batch.zone,
            );
        }
        Ok(())
    }
}

impl OrdersProjection {
    /// What the batch says of orders. `collect` has refused what cannot be read, so what is left out here never came
    /// through it.
    fn told<'a>(&self, batch: &'a Batch) -> Vec<(&'a Resolved, super::OrderState)> {
        let state = |resolved: &'a Resolved| Some((resolved, order_of_event(&resolved.event, self.reporting).ok()??));
        batch.events.iter().filter_map(state).collect()
    }

    fn changes(&self, touched: &BTreeMap<Uuid, Touched>, batch: &Batch) -> HashMap<Ordinal, Change> {
        let mut changes: HashMap<Ordinal, Change> = HashMap::new();
        for touched in touched.values().filter(|touched| !touched.stored.is_simulated) {
            for (stored, sign) in touched.before.iter().map(|before| (before, -1)).chain([(&touched.stored, 1)]) {
                if let Some(customer) = stored.customer {
                    let day = batch.zone.day(stored.order.ordered_at);
                    changes.entry(customer).or_default().count(&stored.order, self.reporting, day, sign);
                }
            }
        }
        changes
    }

    async fn save_products(&self, tx: &Tx, touched: &BTreeMap<Uuid, Touched>) -> RecordsResult<()> {
        let mut products: BTreeMap<&str, (&str, i64, i64)> = BTreeMap::new();
        for touched in touched.values().filter(|touched| touched.stored.order.state.kind == OrderKind::Order) {
            let state = &touched.stored.order.state;
            for line in state.lines.iter().filter(|line| line.kind == LineKind::Product) {
                let price =
                    line.unit_price.times(1, state.currency).map_or(0, |minor| state.convert(minor, self.reporting));
                let entry = products.entry(&line.sku).or_insert((&line.name, price, 0));
                *entry = (&line.name, price, entry.2 + 1);
            }
        }
        let mut rows = BulkInsert::into(
            "products (sku, name, price, lines)",
            "ON CONFLICT (sku) DO UPDATE SET name = excluded.name, price = excluded.price, lines = products.lines + excluded.lines",
        );
        products.into_iter().for_each(|(sku, (name, price, lines))| rows.push(values![sku, name, price, lines]));
        rows.run(tx).await.map(|_| ())
    }
}

/// Applies what was told, in order, to what was known; leaves out what tells nothing new.
fn merge(told: Vec<(&Resolved, super::OrderState)>, mut known: HashMap<Uuid, StoredOrder>) -> BTreeMap<Uuid, Touched> {
    let mut touched: BTreeMap<Uuid, Touched> = BTreeMap::new();
    for (resolved, state) in told {
        let id = order_id(&state.site, &state.number);
        let (event, customer) = (&resolved.event, resolved.customer);
        let before = touched.get(&id).map(|touched| &touched.stored).or(known.get(&id));
        let Some(order) =
            Order::after(before.map(|stored| &stored.order), state, event.occurred_at, event.received_at.micros())
        else {
            continue;
        };
        let ordinal = customer.map(|known| known.ordinal).or(before.and_then(|stored| stored.customer));
        let stored = StoredOrder { order, customer: ordinal, is_simulated: event.is_simulated };
        match touched.get_mut(&id) {
            Some(touched) => {
                (touched.stored, touched.position, touched.customer) =
                    (stored, resolved.position, customer.or(touched.customer))
            }
            None => {
                let before = known.remove(&id);
                touched.insert(id, Touched { stored, before, customer, position: resolved.position });
            }
        }
    }
    touched
}
