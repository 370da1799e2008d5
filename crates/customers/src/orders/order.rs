//! An order as a shop knows it: its lines, what they come to, and whether it counts.
//!
//! An order counts for frequency and recency when at least one line has a price. Refunds stand at their own date and
//! lower sales, never frequency. Lines have keys, so a file that brings the other half of an order adds to it, and a
//! file that brings the same half again changes nothing.
//!
//! Invariant: of whole statements the one with the latest time at the source holds, whenever it arrives, and the order
//! stands at the earliest time that one of them told. An order that is known whole takes no lines from files. Which kind
//! an order is follows from all its lines, not from the parts in which they came.
//!
//! A cancelled order is a whole statement without lines. It is kept, so that an earlier file that comes later does not
//! bring the sale back, and belongs to nobody: no figure and no screen has it.

use history::{LineKind, OrderKind};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;
use vocabulary::{Currency, Timestamp, money::Decimal};

/// A line of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Tells this line from all others of the order: the source's own id, or its content and ordinal.
    pub key: String,
    /// The product's code at the source.
    pub sku: String,
    /// The product's name.
    pub name: String,
    /// Pieces; negative when given back.
    pub quantity: i64,
    /// Price of one piece in the order's currency.
    pub unit_price: Decimal,
    /// Minor units of the order's currency; negative when given back.
    pub amount: i64,
    /// Product, fee or free.
    pub kind: LineKind,
}

/// What an event says of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderState {
    /// The shop or till that gave the number.
    pub site: String,
    /// The number that the site gave.
    pub number: String,
    /// What the source calls it; a purchase becomes free or a refund by itself, as its lines say.
    pub kind: OrderKind,
    /// The currency of all amounts.
    pub currency: Currency,
    /// Reporting currency per currency of the order, when they differ.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<Decimal>,
    /// Whether other lines of the same order may come apart from these.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_partial: bool,
    /// The lines.
    pub lines: Vec<Line>,
}

/// An order in its newest state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// Follows from site and number.
    pub order_id: Uuid,
    /// The newest statement, with all lines known.
    pub state: OrderState,
    /// When it was ordered: the earliest time that was told.
    pub ordered_at: Timestamp,
    /// The source's time of the newest whole statement; none while only parts of the order are known.
    pub whole_at: Option<Timestamp>,
    /// Time of the latest statement, in microseconds; the largest wins. A stored order's is larger than that of any state
    /// that it had before.
    pub version: i64,
}

/// What the lines come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Minor units of the order's currency.
    pub amount: i64,
    /// Minor units of the reporting currency.
    pub reporting: i64,
    /// The part of `reporting` that products make.
    pub products: i64,
    /// The part of `reporting` that postage, charges and discounts make.
    pub fees: i64,
    /// Pieces of products.
    pub quantity: i64,
}

/// The id of an order: the same for the same site and number, for ever.
pub fn order_id(site: &str, number: &str) -> Uuid {
    vocabulary::id::name_based(&[site, number])
}

impl Order {
    /// The order after one more statement, or `None` when the statement tells nothing new. `at` is the statement's time
    /// at the source, `told_at` when it reached us, in microseconds.
    pub fn after(known: Option<&Order>, state: OrderState, at: Timestamp, told_at: i64) -> Option<Order> {
        let Some(known) = known else { return Some(Order::first(state, at, told_at)) };
        let next = match known.whole_at {
            Some(_) if state.is_partial => return None,
            Some(newest) if at < newest => Order { ordered_at: at.min(known.ordered_at), ..known.clone() },
            Some(_) => Order { ordered_at: at.min(known.ordered_at), ..Order::first(state, at, told_at) },
            None if state.is_partial => {
                let lines = united(&known.state.lines, &state.lines);
                Order {
                    ordered_at: at.min(known.ordered_at),
                    ..Order::first(OrderState { lines, ..state }, at, told_at)
                }
            }
            None => Order::first(state, at, told_at),
        };
        let next = Order { version: told_at.max(known.version), ..next };
        (next.content() != known.content() || next.whole_at != known.whole_at).then_some(next)
    }

    fn first(state: OrderState, at: Timestamp, version: i64) -> Order {
        let whole_at = (!state.is_partial).then_some(at);
        Order {
            order_id: order_id(&state.site, &state.number),
            state: state.settled(),
            ordered_at: at,
            whole_at,
            version,
        }
    }

    /// Whether it no longer counts.
    pub fn is_cancelled(&self) -> bool {
        self.state.kind == OrderKind::Cancelled
    }

    /// What decides whether two states are the same, whatever the order of the lines.
    pub fn content(&self) -> [u8; 16] {
        let mut lines: Vec<String> = self.state.lines.iter().map(line_content).collect();
        lines.sort_unstable();
        let head =
            format!("{:?}|{}|{:?}|{}", self.state.kind, self.state.currency, self.state.rate, self.ordered_at.micros());
        *vocabulary::id::name_based(&[&head, &lines.join("\n")]).as_bytes()
    }

    /// The sums, in the order's and in the reporting currency.
    pub fn totals(&self, reporting: Currency) -> Totals {
        let mut totals = Totals::default();
        for line in &self.state.lines {
            let converted = self.state.convert(line.amount, reporting);
            totals.amount = totals.amount.saturating_add(line.amount);
            totals.reporting = totals.reporting.saturating_add(converted);
            match line.kind {
                LineKind::Product => {
                    totals.products = totals.products.saturating_add(converted);
                    totals.quantity = totals.quantity.saturating_add(line.quantity);
                }
                LineKind::Fee | LineKind::Free => totals.fees = totals.fees.saturating_add(converted),
            }
        }
        totals
    }
}

impl OrderState {
    /// Minor units of the reporting currency. Without a rate an amount in another currency counts as nought; `collect`
    /// lets no such order in.
    pub fn convert(&self, amount: i64, reporting: Currency) -> i64 {
        self.converted(amount, reporting).unwrap_or(0)
    }

    /// The same, told apart from nought where there is no rate or the amount becomes too large.
    fn converted(&self, amount: i64, reporting: Currency) -> Option<i64> {
        converted(amount, self.currency, self.rate, reporting)
    }

    /// With the kind that the lines show. A purchase is free when no line has a price. Lines of files are a refund when
    /// they give products back and none is taken; postage and discounts beside them decide nothing.
    #[must_use]
    pub fn settled(self) -> Self {
        let is_given_back = |line: &Line| line.quantity < 0 || line.amount < 0;
        let has_price = self.lines.iter().any(|line| line.kind != LineKind::Free);
        let takes = self.lines.iter().any(|line| line.kind != LineKind::Fee && !is_given_back(line));
        let gives_back = self.lines.iter().any(|line| line.kind == LineKind::Product && is_given_back(line));
        let kind = match self.kind {
            kind @ (OrderKind::Adjustment | OrderKind::Cancelled) => kind,
            OrderKind::Refund if !(self.is_partial && takes) => OrderKind::Refund,
            _ if self.is_partial && gives_back && !takes => OrderKind::Refund,
            _ if has_price => OrderKind::Order,
            _ => OrderKind::Free,
        };
        Self { kind, ..self }
    }
}

/// Minor units that one order may come to: a million such orders can still be added up.
const ORDER_MINOR_MAX: u64 = 10_000_000_000_000;

/// Whether an order of these amounts can be added to others: one that is too large would take the sums of the whole shop
/// with it.
pub fn is_countable(
    amounts: impl IntoIterator<Item = i64>,
    currency: Currency,
    rate: Option<Decimal>,
    reporting: Currency,
) -> bool {
    let mut sizes = amounts.into_iter().map(|amount| countable_size(amount, currency, rate, reporting));
    let sum = sizes.try_fold(0_u64, |sum, size| sum.checked_add(size?));
    sum.is_some_and(|sum| sum <= ORDER_MINOR_MAX)
}

/// Minor units of the reporting currency, without their sign; nothing when they are too many.
pub(super) fn countable_size(
    amount: i64,
    currency: Currency,
    rate: Option<Decimal>,
    reporting: Currency,
) -> Option<u64> {
    let size = converted(amount, currency, rate, reporting)?.unsigned_abs();
    (size.max(amount.unsigned_abs()) <= ORDER_MINOR_MAX).then_some(size)
}

fn converted(amount: i64, currency: Currency, rate: Option<Decimal>, reporting: Currency) -> Option<i64> {
    if currency == reporting { Some(amount) } else { rate?.convert(amount, currency, reporting) }
}

fn united(known: &[Line], told: &[Line]) -> Vec<Line> {
    let mut lines: BTreeMap<&str, &Line> = known.iter().map(|line| (line.key.as_str(), line)).collect();
    lines.extend(told.iter().map(|line| (line.key.as_str(), line)));
    lines.into_values().cloned().collect()
}

fn line_content(line: &Line) -> String {
    format!(
        "{}\x1f{}\x1f{}\x1f{}\x1f{}\x1f{:?}",
        line.key, line.sku, line.name, line.quantity, line.unit_price, line.kind
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn line(key: &str, quantity: i64, price: &str) -> Line {
        let unit_price: Decimal = price.parse().unwrap();
        let amount = unit_price.times(quantity, Currency::GBP).unwrap();
        let kind = if unit_price.is_zero() { LineKind::Free } else { LineKind::Product };
        Line { key: key.into(), sku: "22775".into(), name: "knob".into(), quantity, unit_price, amount, kind }
    }

    fn state(lines: Vec<Line>) -> OrderState {
        let (site, number) = ("shop".to_owned(), "1".to_owned());
        OrderState {
            site,
            number,
            kind: OrderKind::Order,
            currency: Currency::GBP,
            rate: "150".parse().ok(),
            is_partial: true,
            lines,
        }
    }

    const NOON: Timestamp = Timestamp::from_micros(1_000_000);

    #[test]
    fn the_same_lines_again_change_nothing_and_other_lines_are_added() {
        let first = Order::after(None, state(vec![line("a", 2, "1.25"), line("b", 1, "3")]), NOON, 1).unwrap();
        assert_eq!(Order::after(Some(&first), state(vec![line("b", 1, "3"), line("a", 2, "1.25")]), NOON, 2), None);
        let both = Order::after(Some(&first), state(vec![line("c", 1, "1")]), NOON, 2).unwrap();
        assert_eq!(both.totals(Currency::JPY).amount, 650);
        assert_eq!(both.totals(Currency::JPY).reporting, 975);
    }

    #[test]
    fn of_whole_states_the_latest_by_the_source_holds_in_whatever_order_they_come() {
        let told = |order: Option<&Order>, quantity, at, told_at| {
            let whole = OrderState { is_partial: false, ..state(vec![line("a", quantity, "1")]) };
            Order::after(order, whole, Timestamp::from_micros(at), told_at)
        };
        let newer = told(None, 5, 20, 100).unwrap();
        let late = told(Some(&newer), 3, 10, 101).unwrap();
        assert_eq!(
            (late.totals(Currency::GBP).amount, late.ordered_at.micros()),
            (500, 10),
            "only the earlier day is new"
        );
        assert_eq!(told(Some(&late), 3, 15, 102), None);
        let older = told(None, 3, 10, 100).unwrap();
        let both = told(Some(&older), 5, 20, 101).unwrap();
        assert_eq!((both.content(), both.whole_at), (late.content(), late.whole_at));
        let corrected = told(Some(&both), 4, 20, 101).unwrap();
        assert_eq!(corrected.totals(Currency::GBP).amount, 400, "told later at the same time");
    }

    #[test]
    fn a_whole_order_takes_no_lines_from_files() {
        let whole = OrderState { is_partial: false, ..state(vec![line("p0", 1, "3")]) };
        let part = state(vec![line("x", 1, "3")]);
        let known = Order::after(None, whole.clone(), NOON, 1).unwrap();
        assert_eq!(Order::after(Some(&known), part.clone(), NOON, 2), None);
        let from_file = Order::after(None, part, NOON, 1).unwrap();
        assert_eq!(Order::after(Some(&from_file), whole, NOON, 2).unwrap().totals(Currency::GBP).amount, 300);
    }

    #[test]
    fn lines_are_a_refund_when_they_only_give_back_whichever_comes_first() {
        let (bought, off, back) = (line("a", 1, "50"), line("b", -1, "5"), line("c", -1, "50"));
        let fee = Line { kind: LineKind::Fee, ..line("f", 1, "4") };
        let gift_back = Line { kind: LineKind::Free, ..line("g", -1, "0") };
        for (lines, kind) in [
            (vec![bought.clone(), off.clone()], OrderKind::Order),
            (vec![off.clone(), fee.clone(), bought], OrderKind::Order),
            (vec![back.clone()], OrderKind::Refund),
            (vec![fee.clone(), back.clone(), off], OrderKind::Refund),
            (vec![gift_back.clone(), back.clone()], OrderKind::Refund),
            (vec![back, line("h", 1, "0")], OrderKind::Order),
            (vec![gift_back], OrderKind::Free),
            (vec![fee], OrderKind::Order),
        ] {
            for turn in 0..lines.len() {
                let mut parts = lines.clone();
                parts.rotate_left(turn);
                let told = parts.into_iter().fold(None, |known: Option<Order>, line| {
                    Order::after(known.as_ref(), state(vec![line]), NOON, 1).or(known)
                });
                assert_eq!(told.unwrap().state.kind, kind, "{lines:?}");
            }
        }
    }

    #[test]
    fn an_order_that_costs_nothing_is_free_until_a_priced_line_comes() {
        let free = Order::after(None, state(vec![line("a", 1, "0")]), NOON, 1).unwrap();
        assert_eq!(free.state.kind, OrderKind::Free);
        let paid = Order::after(Some(&free), state(vec![line("b", 1, "2")]), NOON, 2).unwrap();
        assert_eq!(paid.state.kind, OrderKind::Order);
    }
}
