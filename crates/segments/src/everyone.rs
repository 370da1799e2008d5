//! Who is in a segment, over everyone: each condition becomes a set of people, and the tree joins the sets.
//!
//! Invariant: a segment means the same here and in `one` (shown in `tests/it/meaning.rs`). What it means is written in
//! `tree`.

use crate::tree::{Bound, Comparison, EventName, Fact, FactValue, SegmentTree, Window, f_band, r_band};
use customers::{identity::sql as identity, values::NEVER};
use history::{HistoryError, HistoryReader, Query};
use records::{Reader, RecordsError, Sql, Value, values};
use roaring::RoaringBitmap;
use std::{collections::HashMap, future::Future, pin::Pin, sync::Arc};
use tokio::sync::OnceCell;
use vocabulary::{Day, id::Ordinal};

/// Why the people could not be found.
#[derive(Debug, thiserror::Error)]
pub enum EvaluationError {
    /// The records failed.
    #[error(transparent)]
    Records(#[from] RecordsError),
    /// The history failed.
    #[error(transparent)]
    History(#[from] HistoryError),
    /// A reference to people cannot be read.
    #[error("`{0}` leads to no people")]
    Reference(String),
}

/// Evaluates segments over everyone.
#[derive(Clone)]
pub struct Everyone {
    /// The records.
    pub reader: Reader,
    /// The history.
    pub history: Arc<dyn HistoryReader>,
    /// The present local day.
    pub today: Day,
}

impl Everyone {
    /// The people in the segment. The tree has been checked.
    pub async fn people(&self, tree: &SegmentTree) -> Result<RoaringBitmap, EvaluationError> {
        Evaluation { everyone: self, all: OnceCell::new(), redirects: OnceCell::new() }.people(tree).await
    }

    /// All customers.
    pub async fn all(&self) -> Result<RoaringBitmap, EvaluationError> {
        self.select("SELECT customer AS value FROM customers WHERE redirect_to IS NULL", vec![]).await
    }

    async fn select(&self, sql: &str, bound: Vec<Value>) -> Result<RoaringBitmap, EvaluationError> {
        let found: Vec<i64> = self.reader.column(sql, bound).await?;
        Ok(bitmap(found.into_iter()))
    }
}

/// One evaluation, and what its conditions share.
struct Evaluation<'a> {
    everyone: &'a Everyone,
    all: OnceCell<RoaringBitmap>,
    redirects: OnceCell<HashMap<Ordinal, Ordinal>>,
}

type Found<'a> = Pin<Box<dyn Future<Output = Result<RoaringBitmap, EvaluationError>> + Send + 'a>>;

impl Evaluation<'_> {
    fn people<'a>(&'a self, tree: &'a SegmentTree) -> Found<'a> {
        Box::pin(async move {
            match tree {
                SegmentTree::And { of } => self.all_of(of).await,
                SegmentTree::Or { of } => {
                    let mut people = RoaringBitmap::new();
                    for condition in of {
                        people |= self.people(condition).await?;
                    }
                    Ok(people)
                }
                SegmentTree::Not { of } => Ok(self.all().await? - self.people(of).await?),
                SegmentTree::Fact { fact, is, value } => self.fact(*fact, *is, value).await,
                SegmentTree::Count { event: EventName::Order, sku: None, window: Window::Ever, is, value } => {
                    self.by_figures("v.orders BETWEEN $2 AND $3", ends(value.range(*is))).await
                }
                SegmentTree::Count { event, sku, window, is, value } => {
                    self.count(*event, sku.as_deref(), *window, value.range(*is)).await
                }
                SegmentTree::Sum { window: Window::Ever, is, value } => {
                    self.by_figures("v.sales BETWEEN $2 AND $3", ends(value.range(*is))).await
                }
                SegmentTree::Sum { window: Window::Days(days), is, value } => self.sum(*days, value.range(*is)).await,
                SegmentTree::Recency { is, days } => {
                    let bound = ends(self.days_ago(days.range(*is)));
                    self.by_figures("v.last_order_day BETWEEN $2 AND $3", bound).await
                }
                SegmentTree::Rfm { r, f, cells, .. } => self.rfm(r, f, cells).await,
                SegmentTree::Reachable { channel } => self.reachable(channel.name()).await,
            }
        })
    }

    async fn all_of(&self, conditions: &[SegmentTree]) -> Result<RoaringBitmap, EvaluationError> {
        let Some((first, rest)) = conditions.split_first() else { return Ok(RoaringBitmap::new()) };
        let mut people = self.people(first).await?;
        for condition in rest {
            if !people.is_empty() {
                people &= self.people(condition).await?;
            }
        }
        Ok(people)
    }

    async fn all(&self) -> Result<&RoaringBitmap, EvaluationError> {
        self.all.get_or_try_init(|| self.everyone.all()).await
    }

    async fn redirects(&self) -> Result<&HashMap<Ordinal, Ordinal>, EvaluationError> {
        Ok(self.redirects.get_or_try_init(|| identity::redirects(&self.everyone.reader)).await?)
    }

    async fn select(&self, sql: &str, bound: Vec<Value>) -> Result<RoaringBitmap, EvaluationError> {
        self.everyone.select(sql, bound).await
    }

    async fn fact(&self, fact: Fact, is: Comparison, value: &FactValue) -> Result<RoaringBitmap, EvaluationError> {
        const FROM: &str = "SELECT c.customer AS value FROM customers c WHERE c.redirect_to IS NULL AND ";
        match (fact, value) {
            (Fact::Sex, FactValue::Word(word)) => {
                self.select(&format!("{FROM} c.sex = $1"), values![word.clone()]).await
            }
            (Fact::Sex, FactValue::Words(words)) => {
                let places: Vec<String> = (1..=words.len()).map(|n| format!("${n}")).collect();
                self.select(
                    &format!("{FROM} c.sex IN ({})", places.join(", ")),
                    words.iter().map(|word| Value::from(word.clone())).collect(),
                )
                .await
            }
            (Fact::HasCompany, FactValue::Flag(flag)) => {
                let is = if *flag { "IS NOT NULL" } else { "IS NULL" };
                self.select(&format!("{FROM} c.company {is}"), vec![]).await
            }
            (Fact::IsMemberOnly, FactValue::Flag(flag)) => {
                self.by_figures(if *flag { "v.orders = 0" } else { "v.orders > 0" }, vec![]).await
            }
            (Fact::Prefecture, value) => self.numbers(FROM, "c.prefecture", is, value).await,
            (Fact::BirthMonth, value) => self.numbers(FROM, "c.birth_month", is, value).await,
            (Fact::Age, value) => self.numbers(FROM, &self.age_sql(), is, value).await,
            _ => Ok(RoaringBitmap::new()),
        }
    }

    /// Whole years on the present day; the birthday itself counts. Nothing without year, month and day.
    fn age_sql(&self) -> String {
        let (year, rest) = year_and_rest(self.everyone.today);
        let birthday = "c.birth_month * 100 + c.birth_day";
        format!("({year} - c.birth_year - CASE WHEN {birthday} > {rest} THEN 1 WHEN {birthday} <= {rest} THEN 0 END)")
    }

    async fn numbers(
        &self,
        from: &str,
        column: &str,
        is: Comparison,
        value: &FactValue,
    ) -> Result<RoaringBitmap, EvaluationError> {
        match value {
            FactValue::Numbers(numbers) if is == Comparison::In => {
                let places: Vec<String> = (1..=numbers.len()).map(|n| format!("${n}")).collect();
                self.select(
                    &format!("{from} {column} IN ({})", places.join(", ")),
                    numbers.iter().map(|n| Value::from(*n)).collect(),
                )
                .await
            }
            FactValue::Numbers(ends) => {
                self.select(&format!("{from} {column} BETWEEN $1 AND $2"), values![ends[0], ends[1]]).await
            }
            FactValue::Number(number) => {
                let (low, high) = Bound::One(*number).range(is);
                self.select(&format!("{from} {column} BETWEEN $1 AND $2"), values![low, high]).await
            }
            _ => Ok(RoaringBitmap::new()),
        }
    }

    /// People whose figures `v` hold the condition, as of the present day. `customer_values` knows orders that are dated
    /// ahead too; the few people who have one are counted anew without them. `$1` is the present day.
    async fn by_figures(&self, condition: &str, bound: Vec<Value>) -> Result<RoaringBitmap, EvaluationError> {
        let ahead = "(SELECT customer FROM orders WHERE local_day > $1 AND customer IS NOT NULL AND NOT is_simulated)";
        let text = format!(
            "SELECT v.customer AS value FROM customer_values v WHERE {condition} AND v.customer NOT IN {ahead} \
             UNION ALL SELECT v.customer AS value FROM (\
               SELECT p.customer, COUNT(CASE WHEN o.kind = 'order' THEN 1 END) AS orders, COALESCE(SUM(o.reporting), 0) AS sales, \
               COALESCE(MAX(CASE WHEN o.kind = 'order' THEN o.local_day END), {NEVER}) AS last_order_day \
               FROM customer_values p LEFT JOIN orders o ON o.customer = p.customer AND NOT o.is_simulated AND o.local_day <= $1 \
               WHERE p.customer IN {ahead} GROUP BY p.customer) v WHERE {condition}"
        );
        let today = Value::from(i64::from(self.everyone.today.0));
        self.select(&text, [vec![today], bound].concat()).await
    }

    /// The local days that lie so many days back, earliest first; never those of people who never bought.
    fn days_ago(&self, (low, high): (i64, i64)) -> (i64, i64) {
        let today = i64::from(self.everyone.today.0);
        (today.saturating_sub(high).max(NEVER + 1), today.saturating_sub(low.max(0)))
    }

    async fn rfm(&self, r: &[i64], f: &[i64], cells: &[(u32, u32)]) -> Result<RoaringBitmap, EvaluationError> {
        let (mut bound, mut conditions) = (Vec::with_capacity(cells.len() * 4), Vec::with_capacity(cells.len()));
        for (ri, fi) in cells {
            let first = bound.len() + 2;
            let (low, high) = f_band(f, *fi);
            bound.extend([ends(self.days_ago(r_band(r, *ri))), values![low, high]].concat());
            conditions.push(format!(
                "v.last_order_day BETWEEN ${first} AND ${} AND v.orders BETWEEN ${} AND ${}",
                first + 1,
                first + 2,
                first + 3
            ));
        }
        self.by_figures(&format!("({})", conditions.join(" OR ")), bound).await
    }

    async fn reachable(&self, channel: &'static str) -> Result<RoaringBitmap, EvaluationError> {
        self.select(
            "SELECT c.customer AS value FROM customers c JOIN consents p ON p.customer = c.customer AND p.channel = $1 AND p.state = 'granted' \
             WHERE c.redirect_to IS NULL AND c.email IS NOT NULL AND NOT EXISTS (SELECT 1 FROM suppressions s WHERE s.address IN (c.email, LOWER(c.email)))",
            values![channel],
        )
        .await
    }

    async fn count(
        &self,
        event: EventName,
        sku: Option<&str>,
        window: Window,
        range: (i64, i64),
    ) -> Result<RoaringBitmap, EvaluationError> {
        let what = match (event, sku) {
            (EventName::Order, None) => "SELECT customer, count(*) AS n FROM orders WHERE kind = 'order'",
            (EventName::Order, Some(_)) => {
                "SELECT customer, count(DISTINCT order_id) AS n FROM order_lines WHERE kind = 'order' AND sku = $sku"
            }
            (EventName::MailOpened, _) => {
                "SELECT customer, count(*) AS n FROM events WHERE kind = 'track' AND name = 'Mail Opened'"
            }
            (EventName::MailClicked, _) => {
                "SELECT customer, count(*) AS n FROM events WHERE kind = 'track' AND name = 'Mail Clicked'"
            }
            (EventName::Page, _) => "SELECT customer, count(*) AS n FROM events WHERE kind = 'page'",
        };
        let question = self.question(what, sku, window);
        if event == EventName::Order || self.redirects().await?.is_empty() {
            self.figure(question, range).await
        } else {
            self.figure_of_merged(question, range).await
        }
    }

    async fn sum(&self, days: i64, range: (i64, i64)) -> Result<RoaringBitmap, EvaluationError> {
        let what = "SELECT customer, sum(reporting_minor) AS n FROM orders WHERE customer IS NOT NULL";
        self.figure(self.question(what, None, Window::Days(days)), range).await
    }

    /// The figure `n` of everybody who has one, within the window.
    fn question(&self, what: &str, sku: Option<&str>, window: Window) -> Query {
        let today = i64::from(self.everyone.today.0);
        let since = match window {
            Window::Days(days) => today - days,
            Window::Ever => i64::from(i32::MIN),
        };
        let sql = format!(
            "{what} AND customer IS NOT NULL AND NOT is_simulated AND local_day > $since AND local_day <= $today GROUP BY customer"
        );
        let query = Query::new(sql).bind("since", since).bind("today", today);
        if let Some(sku) = sku { query.bind("sku", sku) } else { query }
    }

    /// People whose figure lies in the range. Where nought lies in it, those without any row are meant too.
    async fn figure(&self, question: Query, (low, high): (i64, i64)) -> Result<RoaringBitmap, EvaluationError> {
        let is_nought_meant = (low..=high).contains(&0);
        let having = if is_nought_meant { "n < $low OR n > $high" } else { "n >= $low AND n <= $high" };
        let sql = format!("SELECT customer FROM ({}) WHERE {having}", question.sql());
        let query = question
            .parameters()
            .iter()
            .fold(Query::new(sql), |query, (name, value)| query.bind_value(name, value.clone()));
        let rows = self.everyone.history.query(&query.bind("low", low).bind("high", high)).await?;
        let found = bitmap(rows.i64s("customer")?.iter().flatten().copied());
        if is_nought_meant { Ok(self.all().await? - found) } else { Ok(found) }
    }

    /// The same where people turned out to be one: events stay in the history under the number that they came with, so
    /// the figures are added here. (Orders are written anew for the one who stays.)
    async fn figure_of_merged(
        &self,
        question: Query,
        (low, high): (i64, i64),
    ) -> Result<RoaringBitmap, EvaluationError> {
        let redirects = self.redirects().await?;
        let rows = self.everyone.history.query(&question).await?;
        let mut figures: HashMap<Ordinal, i64> = HashMap::with_capacity(rows.len());
        for (customer, n) in rows.i64s("customer")?.iter().zip(rows.i64s("n")?.iter()) {
            let (Some(customer), Some(n)) = (customer.and_then(|customer| Ordinal::try_from(*customer).ok()), n) else {
                continue;
            };
            *figures.entry(redirects.get(&customer).copied().unwrap_or(customer)).or_default() += n;
        }
        let is_nought_meant = (low..=high).contains(&0);
        let is_found = |n: &i64| (low..=high).contains(n) != is_nought_meant;
        let found: RoaringBitmap =
            figures.into_iter().filter(|(_, n)| is_found(n)).map(|(customer, _)| customer).collect();
        // Those of whom nobody speaks any more are no customers, whatever they did.
        let all = self.all().await?;
        if is_nought_meant { Ok(all - found) } else { Ok(all & found) }
    }
}

fn ends((low, high): (i64, i64)) -> Vec<Value> {
    values![low, high]
}

/// The year, and month × 100 + day.
pub(crate) fn year_and_rest(day: Day) -> (i32, i64) {
    let date = day.date().format("%Y %m%d").to_string();
    let (year, rest) = date.split_once(' ').unwrap_or(("0", "0"));
    (year.parse().unwrap_or(0), rest.parse().unwrap_or(0))
}

fn bitmap(customers: impl Iterator<Item = i64>) -> RoaringBitmap {
    customers.filter_map(|customer| u32::try_from(customer).ok()).collect()
}
