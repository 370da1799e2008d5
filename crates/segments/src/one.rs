//! Whether one person is in a segment, and why: the same meaning as `everyone`, with the figures that decide.
//!
//! All of it is read from the records: orders whole, events counted by the window that is asked for.

use crate::tree::{Comparison, EventName, Fact, FactValue, SegmentTree, Window, f_band, r_band};
use customers::{
    card, consents,
    orders::{self, sql::StoredOrder},
    phrase::PhraseValue,
    profile::sql::{self as profile, ProfileRow},
    recent_events,
};
use history::OrderKind;
use records::{RecordsResult, Sql};
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use utoipa::ToSchema;
use vocabulary::{Currency, CustomerId, Day, Timestamp, Zone, consent::Channel, id::Ordinal};

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

/// As of which day, and how the shop counts.
#[derive(Clone, Copy, Debug)]
pub struct AsOf {
    /// The present local day.
    pub today: Day,
    /// The shop's zone.
    pub zone: Zone,
    /// The currency of reports.
    pub reporting: Currency,
}

/// Whether this person is in each of the segments, and why; nothing when there is no such person. The trees have been
/// checked.
pub async fn answers<S: Sql>(
    sql: &S,
    id: CustomerId,
    trees: &[&SegmentTree],
    as_of: AsOf,
) -> RecordsResult<Option<Vec<Answer>>> {
    let person = Person::find(sql, id, trees, as_of).await?;
    Ok(person.map(|person| trees.iter().map(|tree| person.answer(tree)).collect()))
}

/// All that trees ask of one person.
struct Person {
    profile: ProfileRow,
    /// Orders and refunds up to the present day.
    orders: Vec<StoredOrder>,
    /// How often they did something, for each event and window that the trees name.
    counts: HashMap<(EventName, Window), i64>,
    is_reachable: bool,
    as_of: AsOf,
}

/// Mails and pages that a tree counts, each with its window.
fn counted_events(tree: &SegmentTree, found: &mut HashMap<(EventName, Window), i64>) {
    match tree {
        SegmentTree::And { of } | SegmentTree::Or { of } => of.iter().for_each(|part| counted_events(part, found)),
        SegmentTree::Not { of } => counted_events(of, found),
        SegmentTree::Count { event, window, .. } if *event != EventName::Order => {
            found.insert((*event, *window), 0);
        }
        _ => {}
    }
}

impl Person {
    async fn find<S: Sql>(sql: &S, id: CustomerId, trees: &[&SegmentTree], as_of: AsOf) -> RecordsResult<Option<Self>> {
        let Some(profile) = profile::find(sql, id).await? else { return Ok(None) };
        let customer = Ordinal::try_from(profile.customer).unwrap_or(Ordinal::MAX);
        let mut orders = orders::sql::of_customer(sql, customer).await?;
        orders.retain(|stored| as_of.zone.day(stored.order.ordered_at) <= as_of.today);
        let mut counts = HashMap::new();
        trees.iter().for_each(|tree| counted_events(tree, &mut counts));
        for ((event, window), count) in &mut counts {
            let (from, until) = as_of.instants(*window);
            *count = recent_events::count(sql, customer, word(*event), from, until).await?;
        }
        let said = consents::of_customer(sql, customer).await?;
        let is_reachable = card::is_mailable(sql, &profile, &said).await?;
        Ok(Some(Self { profile, orders, counts, is_reachable, as_of }))
    }

    /// Whether the person is in, and the conditions that decide.
    fn answer(&self, tree: &SegmentTree) -> Answer {
        let mut answer = Answer { is_member: self.holds(tree), ..Answer::default() };
        self.explain(tree, true, &mut answer);
        answer
    }

    fn holds(&self, tree: &SegmentTree) -> bool {
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
                // Where one part is enough and there is one, the others are not missing.
                let is_one_enough = matches!(tree, SegmentTree::Or { .. }) == is_wanted;
                let is_settled = is_one_enough && self.holds(tree) == is_wanted;
                let tells = |part: &&SegmentTree| !is_settled || self.holds(part) == is_wanted;
                of.iter().filter(tells).for_each(|part| self.explain(part, is_wanted, answer));
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
        self.as_of.zone.day(stored.order.ordered_at)
    }

    fn is_within(&self, stored: &StoredOrder, window: Window) -> bool {
        match window {
            Window::Ever => true,
            Window::Days(days) => i64::from(self.as_of.today.since(self.day(stored))) < days,
        }
    }

    fn count(&self, event: EventName, sku: Option<&str>, window: Window) -> i64 {
        if event != EventName::Order {
            return self.counts.get(&(event, window)).copied().unwrap_or(0);
        }
        let has =
            |stored: &&StoredOrder| sku.is_none_or(|sku| stored.order.state.lines.iter().any(|line| line.sku == sku));
        self.counted().filter(|stored| self.is_within(stored, window)).filter(has).count() as i64
    }

    fn sum(&self, window: Window) -> i64 {
        let counts = |stored: &&StoredOrder| !stored.is_simulated && self.is_within(stored, window);
        self.orders.iter().filter(counts).map(|stored| stored.order.totals(self.as_of.reporting).reporting).sum()
    }

    fn days_since(&self) -> Option<i64> {
        self.counted().map(|stored| self.day(stored)).max().map(|last| i64::from(self.as_of.today.since(last)))
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
        let (year, rest) = crate::everyone::year_and_rest(self.as_of.today);
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

impl AsOf {
    /// The instants of a window: from its first to just before its end. Tomorrow is not known yet.
    fn instants(&self, window: Window) -> (Timestamp, Timestamp) {
        let from = match window {
            Window::Ever => Timestamp::from_micros(i64::MIN),
            Window::Days(days) => {
                let days = i32::try_from(days).unwrap_or(i32::MAX);
                self.zone.start_of(self.today.plus(1 - days))
            }
        };
        (from, self.zone.start_of(self.today.plus(1)))
    }
}

/// The word of the timeline for what can be counted. Orders stand elsewhere.
fn word(event: EventName) -> &'static str {
    match event {
        EventName::Order => "order",
        EventName::MailOpened => "mail_opened",
        EventName::MailClicked => "mail_clicked",
        EventName::Page => "page",
    }
}
