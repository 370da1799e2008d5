//! What an import changes: orders and people that are new, changed, or as they were.

use customers::{
    orders::{Order, OrderState, order_id, sql as orders},
    profile::Facts,
};
use records::{FromQueryResult, Reader, RecordsError, RecordsResult, Sql, Value};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use tokio::runtime::Handle;
use utoipa::ToSchema;
use uuid::Uuid;
use vocabulary::{Timestamp, id::name_based};

/// Things that are asked about at once.
const GROUP: usize = 1_000;
/// Things that are told apart; beyond that the memory would be missed elsewhere, and no effect is told.
const SEEN_MAX: usize = 4_000_000;

/// New, changed and unchanged orders or people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ImportEffect)]
pub struct Effect {
    /// Not known before.
    pub new: u64,
    /// Known, and told otherwise.
    pub changed: u64,
    /// Known, and told the same again.
    pub unchanged: u64,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Change {
    Unchanged,
    Changed,
    New,
}

/// Compares what a file says with what is known. Called from a thread that may wait.
pub(super) struct EffectCounter {
    reader: Reader,
    runtime: Handle,
    version: i64,
    seen: HashMap<u64, Change>,
    is_too_large: bool,
    orders: Vec<(OrderState, Timestamp)>,
    people: Vec<(String, Facts)>,
    source: String,
}

#[derive(FromQueryResult)]
struct StatementRow {
    key: String,
    facts: String,
}

impl EffectCounter {
    /// For one reading of a file whose numbers `source` gave.
    pub(super) fn new(reader: Reader, source: &str, now: Timestamp) -> Self {
        Self {
            reader,
            runtime: Handle::current(),
            version: now.micros(),
            seen: HashMap::new(),
            is_too_large: false,
            orders: Vec::new(),
            people: Vec::new(),
            source: source.to_owned(),
        }
    }

    /// A part of an order that is about to be told.
    pub(super) fn order(&mut self, state: OrderState, ordered_at: Timestamp) -> RecordsResult<()> {
        self.orders.push((state, ordered_at));
        if self.orders.len() >= GROUP { self.settle() } else { Ok(()) }
    }

    /// What is about to be told of a person.
    pub(super) fn person(&mut self, number: &str, facts: Facts) -> RecordsResult<()> {
        self.people.push((number.to_owned(), facts));
        if self.people.len() >= GROUP { self.settle() } else { Ok(()) }
    }

    /// Asks about what waits. Must come before that is told to the journal.
    pub(super) fn settle(&mut self) -> RecordsResult<()> {
        let (orders, people) = (std::mem::take(&mut self.orders), std::mem::take(&mut self.people));
        if self.is_too_large {
            return Ok(());
        }
        if !orders.is_empty() {
            self.settle_orders(orders)?;
        }
        if !people.is_empty() {
            self.settle_people(people)?;
        }
        self.is_too_large = self.seen.len() > SEEN_MAX;
        Ok(())
    }

    fn settle_orders(&mut self, told: Vec<(OrderState, Timestamp)>) -> RecordsResult<()> {
        let mut ids: Vec<Uuid> = told.iter().map(|(state, _)| order_id(&state.site, &state.number)).collect();
        ids.sort_unstable();
        ids.dedup();
        let known = self.runtime.block_on(orders::find(&self.reader, &ids))?;
        for (state, ordered_at) in told {
            let id = order_id(&state.site, &state.number);
            let before = known.get(&id).map(|stored| &stored.order);
            let is_known = before.is_some();
            let change = match Order::after(before, state, ordered_at, self.version) {
                None => Change::Unchanged,
                Some(_) if is_known => Change::Changed,
                Some(_) => Change::New,
            };
            self.see(id, change);
        }
        Ok(())
    }

    fn settle_people(&mut self, told: Vec<(String, Facts)>) -> RecordsResult<()> {
        let known = self.runtime.block_on(self.statements(&told))?;
        for (number, facts) in told {
            let change = match known.get(&number) {
                None => Change::New,
                Some(before) if before.clone().overlaid(facts) == *before => Change::Unchanged,
                Some(_) => Change::Changed,
            };
            self.see(name_based(&["person", &number]), change);
        }
        Ok(())
    }

    async fn statements(&self, told: &[(String, Facts)]) -> RecordsResult<HashMap<String, Facts>> {
        let mut found = HashMap::with_capacity(told.len());
        for chunk in told.chunks(500) {
            let places: Vec<String> = (0..chunk.len()).map(|place| format!("${}", place + 2)).collect();
            let text =
                format!("SELECT key, facts FROM source_records WHERE source = $1 AND key IN ({})", places.join(", "));
            let numbers = chunk.iter().map(|(number, _)| Value::from(number.clone()));
            let values = std::iter::once(Value::from(self.source.clone())).chain(numbers).collect();
            for row in self.reader.all::<StatementRow>(&text, values).await? {
                let facts =
                    serde_json::from_str(&row.facts).map_err(|_| RecordsError::unreadable("source_records.facts"))?;
                found.insert(row.key, facts);
            }
        }
        Ok(found)
    }

    /// Of several parts of one order the one that changes most counts; one that came with this file stays new.
    fn see(&mut self, id: Uuid, change: Change) {
        let entry = self.seen.entry(id.as_u64_pair().0).or_insert(change);
        if *entry == Change::Unchanged {
            *entry = change;
        }
    }

    /// The sums; nothing when there was too much to tell apart.
    pub(super) fn finish(mut self) -> RecordsResult<Option<Effect>> {
        self.settle()?;
        if self.is_too_large {
            return Ok(None);
        }
        let of = |wanted: Change| self.seen.values().filter(|change| **change == wanted).count() as u64;
        Ok(Some(Effect { new: of(Change::New), changed: of(Change::Changed), unchanged: of(Change::Unchanged) }))
    }
}
