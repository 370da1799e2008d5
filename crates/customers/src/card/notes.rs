//! What matters now about a person, in at most three lines. Words come from the screen; here are the findings.

use super::rhythm::Rhythm;
use crate::orders::sql::StoredOrder;
use history::OrderKind;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use vocabulary::{Currency, Day, Zone};

/// Lines that a card shows.
const NOTES_MAX: usize = 3;
/// An order this young is told of.
const RECENT_DAYS: i32 = 30;

/// A finding: a code that the screen has words for, and what goes into them.
#[derive(Clone, Debug, PartialEq)]
pub struct Note {
    /// Which finding.
    pub code: &'static str,
    /// Its figures.
    pub params: Map<String, Value>,
}

/// Whether the next mail may go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NextMail {
    /// Now.
    Today {
        /// The last one.
        last_sent: Option<Day>,
        /// The days within which the cap counts.
        cap_days: u32,
    },
    /// From this day on: the cap.
    On(Day),
    /// Not at all, and why.
    Never(&'static str),
}

/// The notes of a card.
pub fn notes(
    orders: &[StoredOrder],
    rhythm: Option<Rhythm>,
    mail: &NextMail,
    reporting: Currency,
    today: Day,
    zone: Zone,
) -> Vec<Note> {
    let mut notes = Vec::new();
    let days: Vec<Day> = counted(orders).map(|stored| zone.day(stored.order.ordered_at)).collect();
    if days.is_empty() {
        notes.push(note("never_bought", json!({})));
    }
    if let [only] = days.as_slice()
        && today.since(*only) <= RECENT_DAYS
    {
        notes.push(note("first_order_recent", json!({ "day": only.to_string() })));
    }
    notes.extend(best_month_then_stopped(orders, rhythm, reporting, zone));
    notes.push(match mail {
        NextMail::Today { last_sent, cap_days } => note(
            "mail_allowed_today",
            json!({ "cap_days": cap_days, "last_sent": last_sent.map(|day| day.to_string()) }),
        ),
        NextMail::On(day) => note("mail_allowed_on", json!({ "day": day.to_string() })),
        NextMail::Never(reason) => note(reason, json!({})),
    });
    notes.truncate(NOTES_MAX);
    notes
}

/// 「9月は4回・13.4万円。いちばん買ってくれた月のあと、止まっています」: the last month with orders was the best, and the
/// person is late.
fn best_month_then_stopped(
    orders: &[StoredOrder],
    rhythm: Option<Rhythm>,
    reporting: Currency,
    zone: Zone,
) -> Option<Note> {
    rhythm.filter(|rhythm| rhythm.late_days > 0)?;
    let mut months: BTreeMap<String, (u32, i64)> = BTreeMap::new();
    for stored in counted(orders) {
        let month = months.entry(zone.day(stored.order.ordered_at).month()).or_default();
        *month = (month.0 + 1, month.1 + stored.order.totals(reporting).reporting);
    }
    let (last, (count, amount)) = months.iter().next_back()?;
    let is_best = months.len() > 1 && months.values().all(|(_, other)| other <= amount);
    is_best.then(|| {
        note(
            "best_month_then_stopped",
            json!({ "month": last, "orders": count, "amount": { "minor": amount, "currency": reporting } }),
        )
    })
}

fn counted(orders: &[StoredOrder]) -> impl Iterator<Item = &StoredOrder> {
    orders.iter().filter(|stored| stored.order.state.kind == OrderKind::Order && !stored.is_simulated)
}

fn note(code: &'static str, params: Value) -> Note {
    let Value::Object(params) = params else { return Note { code, params: Map::new() } };
    Note { code, params }
}
