//! What is said of one order, by whom: an order is all of its statements, the oldest first.
//!
//! Each origin has one statement, to which what it says later is added. Taking an origin's statement away leaves the
//! order as if it had never been made.

use super::{Order, OrderState};
use crate::origin::Origin;
use history::OrderKind;
use vocabulary::{Timestamp, id::Ordinal};

/// What one origin says of an order. The order's version is the time of its latest word, in microseconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Who says it.
    pub origin: Origin,
    /// The order as far as this origin tells it.
    pub order: Order,
    /// Whose order it is.
    pub customer: Option<Ordinal>,
    /// Made by the demo.
    pub is_simulated: bool,
}

/// Something that is about to be said.
#[derive(Clone, Debug)]
pub struct Word {
    /// Who says it.
    pub origin: Origin,
    /// What is said.
    pub state: OrderState,
    /// When it was ordered.
    pub ordered_at: Timestamp,
    /// When it is said, in microseconds.
    pub stated_at: i64,
    /// Whose order it is.
    pub customer: Option<Ordinal>,
    /// Made by the demo.
    pub is_simulated: bool,
}

/// All that is said of one order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statements(Vec<Statement>);

impl Statements {
    /// What is known already.
    pub fn new(statements: Vec<Statement>) -> Self {
        Self(statements)
    }

    /// Each of them, in no order.
    pub fn iter(&self) -> impl Iterator<Item = &Statement> {
        self.0.iter()
    }

    /// How many origins speak of the order.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nobody speaks of it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds a word to what its origin said. Tells whether that is anything new of this origin: of the order, or of whose
    /// it is.
    pub fn add(&mut self, word: Word) -> bool {
        let Word { origin, state, ordered_at, stated_at, customer, is_simulated } = word;
        if state.is_partial {
            // Lines of one file may come apart: those that stand outweigh those that were cancelled, whichever is first.
            self.0.retain(|told| told.origin != origin || !told.order.is_cancelled());
        }
        let own = self.0.iter_mut().find(|statement| statement.origin == origin);
        let is_of_same_reading = |own: &Statement| own.order.whole_at.is_none() && own.order.version == stated_at;
        if state.kind == OrderKind::Cancelled && own.as_deref().is_some_and(is_of_same_reading) {
            return false;
        }
        let newest_at = own.as_ref().and_then(|own| own.order.whole_at);
        let is_newest = newest_at.is_none_or(|newest| !state.is_partial && newest <= ordered_at);
        let order = Order::after(own.as_ref().map(|own| &own.order), state, ordered_at, stated_at);
        match (own, order) {
            (Some(own), order) => {
                let whose = if is_newest { customer.or(own.customer) } else { own.customer.or(customer) };
                let is_new = order.is_some() || whose != own.customer;
                own.customer = whose;
                if let Some(order) = order {
                    own.order = order;
                }
                is_new
            }
            (None, Some(order)) => {
                self.0.push(Statement { origin, order, customer, is_simulated });
                true
            }
            (None, None) => false,
        }
    }

    /// Takes back what an origin said. Tells whether it had said anything.
    pub fn withdraw(&mut self, origin: Origin) -> bool {
        let before = self.0.len();
        self.0.retain(|statement| statement.origin != origin);
        self.0.len() < before
    }

    /// What was said of one person's orders is said of the other's, who is the same person.
    pub fn move_to(&mut self, from: Ordinal, into: Ordinal) {
        for statement in self.0.iter_mut().filter(|statement| statement.customer == Some(from)) {
            statement.customer = Some(into);
        }
    }

    /// The order that all of them tell together; nothing when nobody speaks of it. A whole statement counts alone, with
    /// the earliest time of the whole ones.
    pub fn together(&self) -> Option<Statement> {
        let mut ordered: Vec<&Statement> = self.0.iter().collect();
        ordered.sort_unstable_by_key(|statement| (statement.order.version, statement.origin));
        let (first, rest) = ordered.split_first()?;
        let mut all = (*first).clone();
        for later in rest {
            let Order { state, ordered_at, whole_at, version, .. } = later.order.clone();
            let is_newest = whole_at >= all.order.whole_at;
            if let Some(order) = Order::after(Some(&all.order), state, whole_at.unwrap_or(ordered_at), version) {
                all.order = order;
            }
            all.customer = if is_newest { later.customer.or(all.customer) } else { all.customer.or(later.customer) };
            all.origin = later.origin;
        }
        let is_whole = all.order.whole_at.is_some();
        let times = self.0.iter().map(|told| &told.order).filter(|order| order.whole_at.is_some() == is_whole);
        all.order.ordered_at = times.map(|order| order.ordered_at).min().unwrap_or(all.order.ordered_at);
        Some(all)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::orders::Line;
    use history::LineKind;
    use vocabulary::{Currency, id::ImportId, money::Decimal};

    fn origin(number: u128) -> Origin {
        ImportId::from(uuid::Uuid::from_u128(number)).into()
    }

    fn word(origin: Origin, keys: &[&str], quantity: i64, stated_at: i64) -> Word {
        let unit_price = Decimal::whole(100);
        let line = |key: &&str| Line {
            key: (*key).into(),
            sku: "A-1".into(),
            name: "石けん".into(),
            quantity,
            unit_price,
            amount: 100 * quantity,
            kind: LineKind::Product,
        };
        let state = OrderState {
            site: "shop".into(),
            number: "1".into(),
            kind: OrderKind::Order,
            currency: Currency::JPY,
            rate: None,
            is_partial: origin.is_import(),
            lines: keys.iter().map(line).collect(),
        };
        let ordered_at = Timestamp::from_micros(stated_at);
        Word { origin, state, ordered_at, stated_at, customer: None, is_simulated: false }
    }

    fn amount(statements: &Statements) -> Option<i64> {
        statements.together().map(|told| told.order.totals(Currency::JPY).amount)
    }

    #[test]
    fn what_one_origin_said_goes_and_the_rest_stays() {
        let (a, b) = (word(origin(1), &["x", "y"], 1, 10), word(origin(2), &["y", "z"], 2, 20));
        let (mut both, mut only) = (Statements::default(), Statements::default());
        assert!(both.add(a.clone()) && both.add(b) && only.add(a));
        assert_eq!(amount(&both), Some(500));
        assert!(both.withdraw(origin(2)) && !both.withdraw(origin(2)));
        assert_eq!(both, only);
        assert!(both.withdraw(origin(1)));
        assert_eq!(amount(&both), None);
    }

    #[test]
    fn the_same_said_by_two_is_known_until_both_take_it_back() {
        let mut told = Statements::default();
        told.add(word(origin(1), &["x"], 1, 10));
        assert!(told.add(word(origin(2), &["x"], 1, 20)));
        assert!(!told.add(word(origin(2), &["x"], 1, 30)));
        told.withdraw(origin(1));
        assert_eq!(amount(&told), Some(100));
    }

    fn cancelled(origin: Origin, stated_at: i64) -> Word {
        let mut word = word(origin, &[], 1, stated_at);
        (word.state.kind, word.state.is_partial) = (OrderKind::Cancelled, false);
        word
    }

    #[test]
    fn a_cancelled_order_does_not_count_until_that_is_taken_back() {
        for words in [
            [word(origin(1), &["x"], 1, 10), cancelled(origin(2), 20)],
            [cancelled(origin(2), 20), word(origin(1), &["x"], 1, 30)],
        ] {
            let mut told = Statements::default();
            assert!(words.into_iter().all(|word| told.add(word)));
            assert!(told.together().unwrap().order.is_cancelled());
            told.withdraw(origin(2));
            assert_eq!(amount(&told), Some(100));
        }
    }

    #[test]
    fn lines_of_one_file_that_stand_outweigh_those_that_were_cancelled() {
        let (part, gone) = (word(origin(1), &["x"], 1, 10), cancelled(origin(1), 10));
        for words in [[part.clone(), gone.clone()], [gone, part.clone()]] {
            let mut told = Statements::default();
            let news: Vec<bool> = words.into_iter().map(|word| told.add(word)).collect();
            assert!(news.contains(&true));
            assert_eq!(amount(&told), Some(100));
        }
        let mut told = Statements::default();
        assert!(told.add(part) && told.add(cancelled(origin(1), 20)), "read again with other columns");
        assert!(told.together().unwrap().order.is_cancelled());
    }

    #[test]
    fn whose_an_order_is_may_be_told_later() {
        let (mut told, word) = (Statements::default(), word(Origin::ANYBODY, &["p0"], 1, 20));
        assert!(told.add(word.clone()) && !told.add(word.clone()));
        assert!(told.add(Word { customer: Some(7), stated_at: 30, ..word.clone() }));
        assert_eq!(told.together().unwrap().customer, Some(7));
        assert!(!told.add(word), "nobody takes it away");
    }

    #[test]
    fn a_whole_order_counts_alone_whether_files_speak_before_or_after_it() {
        let mut told = Statements::default();
        told.add(word(Origin::ANYBODY, &["p0"], 1, 20));
        told.add(word(origin(1), &["x"], 1, 10));
        told.add(word(origin(2), &["y"], 1, 30));
        assert_eq!(amount(&told), Some(100), "a file speaks of the same lines by other keys");
        assert_eq!(told.together().unwrap().order.ordered_at.micros(), 20);
        told.withdraw(Origin::ANYBODY);
        assert_eq!(amount(&told), Some(200));
    }
}
