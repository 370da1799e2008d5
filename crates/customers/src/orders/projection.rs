//! Orders follow the stream: the newest state of each, what each person is worth, and the rows of the history.

use super::{
    Statements, Word, history_rows, order_id,
    segment_spec::order_of_event,
    sql::{self, KnownOrder, StoredOrder},
};
use crate::{
    identity,
    origin::{Origin, undone_by},
    stream::{Batch, Known, Projection, Resolved},
    values::{self, Change},
};
use async_trait::async_trait;
use history::{Append, LineKind, OrderKind};
use records::{BulkInsert, RecordsResult, Tx, values};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;
use vocabulary::{Currency, id::Ordinal};

/// Keeps `orders`, `customer_values` and `products`.
pub struct OrdersProjection {
    /// The currency of all reports.
    pub reporting: Currency,
}

/// What an event does to an order.
enum Deed {
    Tell(Box<Word>),
    Withdraw(Origin),
}

/// An order of which the batch speaks.
#[derive(Default)]
struct Touched {
    before: Option<StoredOrder>,
    was_apart: bool,
    statements: Statements,
    is_changed: bool,
    customer: Option<Known>,
    position: u64,
}

/// What became of an order in the batch.
struct Outcome {
    before: Option<StoredOrder>,
    /// Whether several origins told it before.
    was_apart: bool,
    after: Option<KnownOrder>,
    /// Whether the order itself is another now, and not only who tells it.
    is_other: bool,
    customer: Option<Known>,
    position: u64,
}

#[async_trait]
impl Projection for OrdersProjection {
    async fn apply(&self, tx: &Tx, batch: &Batch, history: &mut Append) -> RecordsResult<()> {
        self.move_orders(tx, batch, history).await?;
        let deeds = self.deeds(batch);
        if deeds.is_empty() {
            return Ok(());
        }
        let mut ids: Vec<Uuid> = deeds.iter().map(|(id, ..)| *id).collect();
        ids.sort_unstable();
        ids.dedup();
        let known = sql::find(tx, &ids).await?;
        let unknown: Vec<Uuid> = ids.into_iter().filter(|id| !known.contains_key(id)).collect();
        let withdrawn = sql::withdrawn(tx, &unknown).await?;
        let outcomes = outcomes(do_all(deeds, known), &withdrawn);
        self.save(tx, batch, &outcomes).await?;
        let others: Vec<&Outcome> = outcomes.iter().filter(|outcome| outcome.is_other).collect();
        values::apply(tx, self.changes(&others, batch)).await?;
        self.save_products(tx, &others).await?;
        self.tell_history(tx, batch, &others, history).await
    }
}

impl OrdersProjection {
    /// The orders of people who turned out to be somebody else go to the one who stayed, in the history too.
    async fn move_orders(&self, tx: &Tx, batch: &Batch, history: &mut Append) -> RecordsResult<()> {
        for (position, merged) in batch.merges() {
            let (from, into) = (merged.from.ordinal, merged.into.ordinal);
            let ids: Vec<Uuid> = sql::of_customer(tx, from).await?.iter().map(|stored| stored.order.order_id).collect();
            let moved = |known: KnownOrder| {
                let (before, was_apart) = (known.stored.clone(), known.statements.len() > 1);
                let KnownOrder { mut stored, mut statements } = known;
                (stored.customer, stored.order.version) = (Some(into), stored.order.version + 1);
                statements.move_to(from, into);
                let after = Some(KnownOrder { stored, statements });
                let customer = Some(merged.into);
                Outcome { before: Some(before), was_apart, after, is_other: true, customer, position }
            };
            let outcomes: Vec<Outcome> = sql::find(tx, &ids).await?.into_values().map(moved).collect();
            self.save(tx, batch, &outcomes).await?;
            self.tell_history(tx, batch, &outcomes.iter().collect::<Vec<_>>(), history).await?;
            sql::move_statements(tx, from, into).await?;
            values::forget(tx, from).await?;
            values::recount(tx, &[into]).await?;
        }
        Ok(())
    }

    /// What the batch says of orders, in its order. `collect` has refused what cannot be read, so what is left out here
    /// never came through it.
    fn deeds<'a>(&self, batch: &'a Batch) -> Vec<(Uuid, &'a Resolved, Deed)> {
        batch.events.iter().filter_map(|resolved| self.deed(resolved)).collect()
    }

    fn deed<'a>(&self, resolved: &'a Resolved) -> Option<(Uuid, &'a Resolved, Deed)> {
        let event = &resolved.event;
        if let Some(origin) = undone_by(event) {
            let number = event.properties.get("order_number").and_then(Value::as_str)?;
            return Some((order_id(&event.source, number), resolved, Deed::Withdraw(origin)));
        }
        let state = order_of_event(event, self.reporting).ok()??;
        let id = order_id(&state.site, &state.number);
        let word = Word {
            origin: Origin::of(event),
            state,
            ordered_at: event.occurred_at,
            stated_at: event.received_at.micros(),
            customer: resolved.customer.map(|known| known.ordinal),
            is_simulated: event.is_simulated,
        };
        Some((id, resolved, Deed::Tell(Box::new(word))))
    }

    async fn save(&self, tx: &Tx, batch: &Batch, outcomes: &[Outcome]) -> RecordsResult<()> {
        let kept: Vec<&KnownOrder> = outcomes.iter().filter_map(|outcome| outcome.after.as_ref()).collect();
        sql::save(tx, &kept, self.reporting, batch.zone).await?;
        let is_apart = |outcome: &&Outcome| {
            outcome.was_apart || outcome.after.as_ref().is_some_and(|known| known.statements.len() > 1)
        };
        let apart: Vec<&KnownOrder> = outcomes.iter().filter(is_apart).filter_map(|o| o.after.as_ref()).collect();
        sql::save_statements(tx, &apart).await?;
        let gone: Vec<&StoredOrder> =
            outcomes.iter().filter(|o| o.after.is_none()).filter_map(|o| o.before.as_ref()).collect();
        sql::withdraw(tx, &gone).await
    }

    fn changes(&self, outcomes: &[&Outcome], batch: &Batch) -> HashMap<Ordinal, Change> {
        let mut changes: HashMap<Ordinal, Change> = HashMap::new();
        for outcome in outcomes {
            let before = outcome.before.as_ref().map(|stored| (stored, -1));
            let after = outcome.after.as_ref().map(|known| (&known.stored, 1));
            for (stored, sign) in before.into_iter().chain(after).filter(|(stored, _)| !stored.is_simulated) {
                if let Some(customer) = stored.customer {
                    let day = batch.zone.day(stored.order.ordered_at);
                    changes.entry(customer).or_default().count(&stored.order, self.reporting, day, sign);
                }
            }
        }
        changes
    }

    /// Products by the lines that name them; the latest order says what they are called and cost. Where that order is
    /// gone, the next one says it.
    async fn save_products(&self, tx: &Tx, outcomes: &[&Outcome]) -> RecordsResult<()> {
        let before = outcomes.iter().filter_map(|outcome| outcome.before.as_ref()).map(|stored| (stored, -1));
        let after = outcomes.iter().filter_map(|outcome| outcome.after.as_ref()).map(|known| (&known.stored, 1));
        // What a simulation sold is no product of the shop.
        let mut orders: Vec<(&StoredOrder, i64)> =
            before.chain(after).filter(|(stored, _)| !stored.is_simulated).collect();
        // Those that are gone first, marked by a negative time, so that any other says more.
        orders.sort_by_key(|(stored, sign)| (*sign, stored.order.ordered_at, stored.order.order_id));
        let mut products: BTreeMap<&str, (&str, i64, i64, i64)> = BTreeMap::new();
        for (stored, sign) in orders {
            let (state, ordered_at) = (&stored.order.state, stored.order.ordered_at.micros());
            // What is taken off an order stands among its lines, and is no product.
            let is_product = |line: &&super::Line| line.kind == LineKind::Product && line.amount > 0;
            for line in state.lines.iter().filter(is_product).filter(|_| state.kind == OrderKind::Order) {
                let price = line.unit_price.times(1, state.currency);
                let price = price.map_or(0, |minor| state.convert(minor, self.reporting));
                let lines = products.get(line.sku.as_str()).map_or(0, |product| product.2);
                products.insert(&line.sku, (&line.name, price, lines + sign, ordered_at * sign));
            }
        }
        let mut rows = BulkInsert::into(
            "products (sku, name, price, lines, priced_at)",
            "ON CONFLICT (sku) DO UPDATE SET lines = products.lines + excluded.lines, \
             name = CASE WHEN excluded.priced_at >= products.priced_at THEN excluded.name ELSE products.name END, \
             price = CASE WHEN excluded.priced_at >= products.priced_at THEN excluded.price ELSE products.price END, \
             priced_at = CASE WHEN excluded.priced_at >= products.priced_at THEN excluded.priced_at \
               WHEN excluded.priced_at = -products.priced_at THEN 0 ELSE products.priced_at END",
        );
        let is_any_less = products.values().any(|(_, _, lines, _)| *lines < 0);
        products
            .into_iter()
            .for_each(|(sku, (name, price, lines, priced_at))| rows.push(values![sku, name, price, lines, priced_at]));
        rows.run(tx).await?;
        if is_any_less { sql::forget_unnamed_products(tx).await } else { Ok(()) }
    }

    async fn tell_history(
        &self,
        tx: &Tx,
        batch: &Batch,
        outcomes: &[&Outcome],
        history: &mut Append,
    ) -> RecordsResult<()> {
        let customers = customers_of(tx, outcomes).await?;
        for outcome in outcomes {
            let counts = |stored: &&StoredOrder| !stored.order.is_cancelled();
            if let Some(before) = outcome.before.as_ref().filter(counts) {
                history.supersede(outcome.position, before.order.order_id.to_string(), before.order.version);
            }
            if let Some(stored) = outcome.after.as_ref().map(|known| &known.stored).filter(counts) {
                let customer = stored.customer.and_then(|ordinal| customers.get(&ordinal).copied());
                let is_simulated = stored.is_simulated;
                let position = outcome.position;
                history_rows::add(history, position, &stored.order, customer, is_simulated, self.reporting, batch.zone);
            }
        }
        Ok(())
    }
}

/// The people of these orders. Most came with the events; others are those of an earlier statement.
async fn customers_of(tx: &Tx, outcomes: &[&Outcome]) -> RecordsResult<HashMap<Ordinal, Known>> {
    let mut customers: HashMap<Ordinal, Known> =
        outcomes.iter().filter_map(|outcome| outcome.customer).map(|known| (known.ordinal, known)).collect();
    let wanted = outcomes.iter().filter_map(|outcome| outcome.after.as_ref()?.stored.customer);
    let missing: Vec<Ordinal> = wanted.filter(|ordinal| !customers.contains_key(ordinal)).collect();
    for (ordinal, id) in identity::sql::ids_of(tx, &missing).await? {
        customers.insert(ordinal, Known { id, ordinal });
    }
    Ok(customers)
}

/// Does what the batch says, in its order, to what is known.
fn do_all(deeds: Vec<(Uuid, &Resolved, Deed)>, mut known: HashMap<Uuid, KnownOrder>) -> BTreeMap<Uuid, Touched> {
    let mut touched: BTreeMap<Uuid, Touched> = BTreeMap::new();
    for (id, resolved, deed) in deeds {
        let order = touched.entry(id).or_insert_with(|| match known.remove(&id) {
            Some(KnownOrder { stored, statements }) => {
                let was_apart = statements.len() > 1;
                Touched { before: Some(stored), was_apart, statements, ..Touched::default() }
            }
            None => Touched::default(),
        });
        let is_changed = match deed {
            Deed::Tell(word) => {
                order.customer = resolved.customer.or(order.customer);
                order.statements.add(*word)
            }
            Deed::Withdraw(origin) => order.statements.withdraw(origin),
        };
        if is_changed {
            (order.is_changed, order.position) = (true, resolved.position);
        }
    }
    touched
}

/// What became of each order that is told otherwise now. `withdrawn` holds the last versions of those that were gone.
fn outcomes(touched: BTreeMap<Uuid, Touched>, withdrawn: &HashMap<Uuid, i64>) -> Vec<Outcome> {
    let changed = touched.into_iter().filter(|(_, touched)| touched.is_changed);
    changed
        .map(|(id, Touched { before, was_apart, statements, customer, position, .. })| {
            let newest_before = before.as_ref().map(|before| before.order.version).or(withdrawn.get(&id).copied());
            let after = statements.together().map(|together| {
                let mut order = together.order;
                order.state.is_partial = false;
                let whose = together.customer.filter(|_| !order.is_cancelled());
                let is_other = before
                    .as_ref()
                    .is_none_or(|before| before.order.content() != order.content() || before.customer != whose);
                order.version = match (is_other, newest_before) {
                    (true, Some(newest)) => order.version.max(newest + 1),
                    (false, Some(newest)) => newest,
                    (_, None) => order.version,
                };
                let stored = StoredOrder { order, customer: whose, is_simulated: together.is_simulated };
                (KnownOrder { stored, statements }, is_other)
            });
            let is_other = after.as_ref().map_or(before.is_some(), |(_, is_other)| *is_other);
            Outcome { before, was_apart, after: after.map(|(known, _)| known), is_other, customer, position }
        })
        .collect()
}
