//! Whether one person is in a segment, and why: the same meaning as `everyone`, with the figures that decide.

use crate::tree::{Comparison, EventName, Fact, FactValue, SegmentTree, Window, f_band, r_band};
use customers::{orders::sql::StoredOrder, phrase::PhraseValue, profile::sql::ProfileRow, recent_events::RecentEvent};
use history::OrderKind;
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use vocabulary::{Currency, Day, Timestamp, Zone, consent::Channel};

/// All that is known of one person.
pub struct Person {
    /// The profile.
    pub profile: ProfileRow,
    /// Orders and refunds.
    pub orders: Vec<StoredOrder>,
    /// What they did besides.
    pub events: Vec<RecentEvent>,
    /// Whether the channel may be used.
    pub is_reachable: bool,
    /// The present local day.
    pub today: Day,
    /// The shop's zone.
    pub zone: Zone,
    /// The currency of reports.
    pub reporting: Currency,
}

/// A condition with the person's own figure; the screen has the words.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Phrase {
    /// Which condition.
    pub code: String,
    /// The condition's and the person's figures.
    #[schema(value_type = std::collections::BTreeMap<String, ConditionValue>)]
    pub params: Map<String, Value>,
}

/// A value of a sentence about a condition: the condition itself, or a figure.
#[derive(ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "describes the values; they are put together where they are known")]
enum ConditionValue {
    Condition(SegmentTree),
    Figure(PhraseValue),
}

/// The answer for one person.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
    /// Whether the person is in.
    pub is_member: bool,
    /// Conditions that hold and count.
    pub why: Vec<Phrase>,
    /// Conditions that keep the person out.
    pub missing: Vec<Phrase>,
}

impl Person {
    /// Whether the person is in, and the conditions that decide.
    pub fn answer(&self, tree: &SegmentTree) -> Answer {
        let mut answer = Answer { is_member: self.holds(tree), ..Answer::default() };
        self.explain(tree, true, &mut answer);
        answer
    }

    /// Whether the person is in.
    pub fn holds(&self, tree: &SegmentTree) -> bool {
        match tree {
            SegmentTree::And { of } => of.iter().all(|part| self.holds(part)),
            SegmentTree::Or { of } => of.iter().any(|part| self.holds(part)),
            SegmentTree::Not { of } => !self.holds(of),
            SegmentTree::Fact { fact, is, value } => self.fact(*fact, *is, value),
            SegmentTree::Count { event, sku, window, is, value } => {
                value.holds(*is, self.count(*event, sku.as_deref(), *window))
            }
            SegmentTree::Sum { window, is, value } => value.holds(*is, self.sum(*window)),
            SegmentTree::Recency { is, days } => self.days_since().is_some_and(|since| days.holds(*is, since)),
            SegmentTree::Rfm { r, f, cells, .. } => {
                cells.iter().any(|(ri, fi)| self.is_in_cell(r_band(r, *ri), f_band(f, *fi)))
            }
            SegmentTree::Reachable { channel } => *channel == Channel::Email && self.is_reachable,
        }
    }

    fn explain(&self, tree: &SegmentTree, is_wanted: bool, answer: &mut Answer) {
        match tree {
            SegmentTree::And { of } | SegmentTree::Or { of } => {
                of.iter().for_each(|part| self.explain(part, is_wanted, answer))
            }
            SegmentTree::Not { of } => self.explain(of, !is_wanted, answer),
            leaf => {
                let phrase = self.phrase(leaf, is_wanted);
                if self.holds(leaf) == is_wanted { answer.why.push(phrase) } else { answer.missing.push(phrase) }
            }
        }
    }

    fn phrase(&self, leaf: &SegmentTree, is_wanted: bool) -> Phrase {
        let (code, own) = match leaf {
            SegmentTree::Fact { fact, .. } => ("fact", json!(self.fact_value(*fact))),
            SegmentTree::Count { event, sku, window, .. } => {
                ("count", json!(self.count(*event, sku.as_deref(), *window)))
            }
            SegmentTree::Sum { window, .. } => ("sum", json!(self.sum(*window))),
            SegmentTree::Recency { .. } => ("recency", json!(self.days_since())),
            SegmentTree::Rfm { .. } => {
                ("rfm", json!([self.days_since(), self.count(EventName::Order, None, Window::Ever)]))
            }
            _ => ("reachable", json!(self.is_reachable)),
        };
        let mut params = Map::new();
        params.insert("condition".to_owned(), serde_json::to_value(leaf).unwrap_or_default());
        params.insert("own".to_owned(), own);
        params.insert("is_wanted".to_owned(), Value::Bool(is_wanted));
        Phrase { code: code.to_owned(), params }
    }

    fn counted(&self) -> impl Iterator<Item = &StoredOrder> {
        self.orders.iter().filter(|stored| stored.order.state.kind == OrderKind::Order && !stored.is_simulated)
    }

    fn day(&self, stored: &StoredOrder) -> Day {
        self.zone.day(stored.order.ordered_at)
    }

    fn is_within(&self, day: Day, window: Window) -> bool {
        match window {
            Window::Ever => true,
            Window::Days(days) => day <= self.today && i64::from(self.today.since(day)) < days,
        }
    }

    fn count(&self, event: EventName, sku: Option<&str>, window: Window) -> i64 {
        let kind = match event {
            EventName::Order => {
                let has = |stored: &&StoredOrder| {
                    sku.is_none_or(|sku| stored.order.state.lines.iter().any(|line| line.sku == sku))
                };
                return self.counted().filter(|stored| self.is_within(self.day(stored), window)).filter(has).count()
                    as i64;
            }
            EventName::MailOpened => "mail_opened",
            EventName::MailClicked => "mail_clicked",
            EventName::Page => "page",
        };
        let day = |event: &RecentEvent| self.zone.day(Timestamp::from_micros(event.occurred_at));
        self.events
            .iter()
            .filter(|event| event.kind == kind && !event.is_simulated && self.is_within(day(event), window))
            .count() as i64
    }

    fn sum(&self, window: Window) -> i64 {
        let counts = |stored: &&StoredOrder| !stored.is_simulated && self.is_within(self.day(stored), window);
        self.orders.iter().filter(counts).map(|stored| stored.order.totals(self.reporting).reporting).sum()
    }

    fn days_since(&self) -> Option<i64> {
        self.counted().map(|stored| self.day(stored)).max().map(|last| i64::from(self.today.since(last)))
    }

    fn is_in_cell(&self, (from, to): (i64, i64), (low, high): (i64, i64)) -> bool {
        let orders = self.count(EventName::Order, None, Window::Ever);
        self.days_since().is_some_and(|since| (from..=to).contains(&since)) && (low..=high).contains(&orders)
    }

    fn fact_value(&self, fact: Fact) -> Value {
        match fact {
            Fact::Sex => json!(self.profile.sex),
            Fact::Age => json!(self.age()),
            Fact::Prefecture => json!(self.profile.prefecture),
            Fact::BirthMonth => json!(self.profile.birth_month),
            Fact::HasCompany => json!(self.profile.company.is_some()),
            Fact::IsMemberOnly => json!(self.counted().next().is_none()),
        }
    }

    fn age(&self) -> Option<i64> {
        let (year, rest) = crate::everyone::year_and_rest(self.today);
        let (born, month, day) = (self.profile.birth_year?, self.profile.birth_month?, self.profile.birth_day?);
        Some(i64::from(year) - born - i64::from(month * 100 + day > rest))
    }

    fn fact(&self, fact: Fact, is: Comparison, value: &FactValue) -> bool {
        let number = match fact {
            Fact::Age => self.age(),
            Fact::Prefecture => self.profile.prefecture,
            Fact::BirthMonth => self.profile.birth_month,
            Fact::Sex | Fact::HasCompany | Fact::IsMemberOnly => None,
        };
        match (value, number) {
            (FactValue::Word(word), _) => self.profile.sex.as_deref() == Some(word),
            (FactValue::Words(words), _) => self.profile.sex.as_ref().is_some_and(|sex| words.contains(sex)),
            (FactValue::Flag(flag), _) => self.fact_value(fact) == Value::Bool(*flag),
            (FactValue::Number(wanted), Some(own)) => crate::tree::Bound::One(*wanted).holds(is, own),
            (FactValue::Numbers(numbers), Some(own)) if is == Comparison::In => numbers.contains(&own),
            (FactValue::Numbers(ends), Some(own)) => (ends[0]..=ends[1]).contains(&own),
            (_, None) => false,
        }
    }
}
