//! What an import changes: orders and people that are new, changed, or as they were.
//!
//! What the import itself has said already is left out, so that one that was broken off and goes on counts the same.

use super::events::ToldOrder;
use customers::{
    orders::{Order, Statement, order_id, sql as orders},
    origin::Origin,
    profile::{Facts, sql as profiles},
};
use history::OrderKind;
use records::{Reader, RecordsResult};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use tokio::runtime::Handle;
use utoipa::ToSchema;
use uuid::Uuid;
use vocabulary::{
    Timestamp,
    id::{ImportId, name_based},
};

/// Things that are asked about at once.
const GROUP: usize = 1_000;
/// Lines of orders that are asked about at once.
const LINES_GROUP: usize = 10_000;
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
    orders: Vec<(Uuid, ToldOrder)>,
    lines: usize,
    people: Vec<(String, Facts)>,
    source: String,
    origin: Origin,
}

impl EffectCounter {
    /// For one reading of a file whose numbers `source` gave.
    pub(super) fn new(reader: Reader, import_id: ImportId, source: &str, now: Timestamp) -> Self {
        Self {
            reader,
            runtime: Handle::current(),
            version: now.micros(),
            seen: HashMap::new(),
            is_too_large: false,
            orders: Vec::new(),
            lines: 0,
            people: Vec::new(),
            source: source.to_owned(),
            origin: import_id.into(),
        }
    }

    /// A part of an order that is about to be told.
    pub(super) fn order(&mut self, told: ToldOrder) -> RecordsResult<()> {
        self.lines += told.state.lines.len();
        self.orders.push((order_id(&told.state.site, &told.state.number), told));
        if self.orders.len() >= GROUP || self.lines >= LINES_GROUP { self.settle() } else { Ok(()) }
    }

    /// What is about to be told of a person.
    pub(super) fn person(&mut self, number: &str, facts: Facts) -> RecordsResult<()> {
        self.people.push((number.to_owned(), facts));
        if self.people.len() >= GROUP { self.settle() } else { Ok(()) }
    }

    /// Asks about what waits. Must come before that is told to the journal.
    pub(super) fn settle(&mut self) -> RecordsResult<()> {
        let (orders, people) = (std::mem::take(&mut self.orders), std::mem::take(&mut self.people));
        self.lines = 0;
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

    fn settle_orders(&mut self, told: Vec<(Uuid, ToldOrder)>) -> RecordsResult<()> {
        let mut ids: Vec<Uuid> = told.iter().map(|(id, _)| *id).collect();
        ids.sort_unstable();
        ids.dedup();
        let known = self.runtime.block_on(orders::find(&self.reader, &ids))?;
        let before: HashMap<Uuid, Statement> = known
            .into_iter()
            .filter_map(|(id, mut known)| {
                known.statements.withdraw(self.origin);
                known.statements.together().map(|told| (id, told))
            })
            .collect();
        for (id, told) in told {
            let change = self.change(before.get(&id), told);
            self.see(id, change);
        }
        Ok(())
    }

    /// An order that was never known, or does not count already, is no other when it is cancelled. One that was nobody's
    /// is another when its person is told.
    fn change(&self, before: Option<&Statement>, told: ToldOrder) -> Change {
        let stands = before.is_some_and(|before| !before.order.is_cancelled());
        let is_cancelled = told.state.kind == OrderKind::Cancelled;
        let is_nobodys = before.is_some_and(|before| before.customer.is_none());
        let is_claimed = stands && is_nobodys && told.customer_number.is_some();
        match Order::after(before.map(|before| &before.order), told.state, told.at, self.version) {
            Some(_) if is_cancelled && !stands => Change::Unchanged,
            Some(_) if before.is_none() => Change::New,
            Some(_) => Change::Changed,
            None if is_claimed => Change::Changed,
            None => Change::Unchanged,
        }
    }

    fn settle_people(&mut self, told: Vec<(String, Facts)>) -> RecordsResult<()> {
        let keys: Vec<&str> = told.iter().map(|(number, _)| number.as_str()).collect();
        let known = self.runtime.block_on(profiles::facts_without(&self.reader, &self.source, &keys, self.origin))?;
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
