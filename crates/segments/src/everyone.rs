//! Who is in a segment, over everyone: each condition becomes a set of people, and the tree joins the sets.
//!
//! Invariant: a segment means the same here and in `one` (shown in `tests/it/meaning.rs`).

use crate::tree::{Bound, Comparison, EventName, Fact, FactValue, SegmentTree, Window, f_band, r_band};
use customers::values::NEVER;
use history::{HistoryError, HistoryReader, Query};
use records::{Reader, RecordsError, Sql, Value, values};
use roaring::RoaringBitmap;
use std::{future::Future, pin::Pin, sync::Arc};
use vocabulary::Day;

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

type Found<'a> = Pin<Box<dyn Future<Output = Result<RoaringBitmap, EvaluationError>> + Send + 'a>>;

impl Everyone {
    /// The people in the segment. The tree has been checked.
    pub fn people<'a>(&'a self, tree: &'a SegmentTree) -> Found<'a> {
        Box::pin(async move {
            match tree {
                SegmentTree::And { of } => {
                    let mut people = self.people(&of[0]).await?;
                    for condition in &of[1..] {
                        if !people.is_empty() {
                            people &= self.people(condition).await?;
                        }
                    }
                    Ok(people)
                }
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
                    self.by_value("orders", value.range(*is)).await
                }
                SegmentTree::Count { event, sku, window, is, value } => {
                    self.count(*event, sku.as_deref(), *window, value.range(*is)).await
                }
                SegmentTree::Sum { window: Window::Ever, is, value } => self.by_value("sales", value.range(*is)).await,
                SegmentTree::Sum { window: Window::Days(days), is, value } => self.sum(*days, value.range(*is)).await,
                SegmentTree::Recency { is, days } => self.recency(*is, *days).await,
                SegmentTree::Rfm { r, f, cells, .. } => self.rfm(r, f, cells).await,
                SegmentTree::Reachable { channel } => self.reachable(channel.name()).await,
            }
        })
    }

    /// All customers.
    pub async fn all(&self) -> Result<RoaringBitmap, EvaluationError> {
        self.select("SELECT customer AS value FROM customers WHERE redirect_to IS NULL", vec![]).await
    }

    async fn select(&self, sql: &str, bound: Vec<Value>) -> Result<RoaringBitmap, EvaluationError> {
        let found: Vec<i64> = self.reader.column(sql, bound).await?;
        Ok(bitmap(found.into_iter()))
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
                let none = self.by_value("orders", (0, 0)).await?;
                if *flag { Ok(none) } else { Ok(self.all().await? - none) }
            }
            (Fact::Prefecture, value) => self.numbers(FROM, "c.prefecture", is, value).await,
            (Fact::BirthMonth, value) => self.numbers(FROM, "c.birth_month", is, value).await,
            (Fact::Age, value) => self.numbers(FROM, &self.age_sql(), is, value).await,
            _ => Ok(RoaringBitmap::new()),
        }
    }

    /// Whole years on the present day; the birthday itself counts. Nothing without year, month and day.
    fn age_sql(&self) -> String {
        let (year, rest) = year_and_rest(self.today);
        format!("({year} - c.birth_year - CASE WHEN c.birth_month * 100 + c.birth_day > {rest} THEN 1 ELSE 0 END)")
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

    async fn by_value(&self, column: &'static str, (low, high): (i64, i64)) -> Result<RoaringBitmap, EvaluationError> {
        self.select(
            &format!("SELECT customer AS value FROM customer_values WHERE {column} BETWEEN $1 AND $2"),
            values![low, high],
        )
        .await
    }

    async fn recency(&self, is: Comparison, days: Bound) -> Result<RoaringBitmap, EvaluationError> {
        let (from, to) = self.days_ago(days.range(is));
        self.select(
            "SELECT customer AS value FROM customer_values WHERE last_order_day BETWEEN $1 AND $2",
            values![from, to],
        )
        .await
    }

    /// The local days that lie so many days back, earliest first; never those of people who never bought.
    fn days_ago(&self, (low, high): (i64, i64)) -> (i64, i64) {
        let today = i64::from(self.today.0);
        (today.saturating_sub(high).max(NEVER + 1), today.saturating_sub(low.max(0)))
    }

    async fn rfm(&self, r: &[i64], f: &[i64], cells: &[(u32, u32)]) -> Result<RoaringBitmap, EvaluationError> {
        let mut people = RoaringBitmap::new();
        for (ri, fi) in cells {
            let ((from, to), (low, high)) = (self.days_ago(r_band(r, *ri)), f_band(f, *fi));
            people |= self
                .select(
                    "SELECT customer AS value FROM customer_values WHERE last_order_day BETWEEN $1 AND $2 AND orders BETWEEN $3 AND $4",
                    values![from, to, low, high],
                )
                .await?;
        }
        Ok(people)
    }

    async fn reachable(&self, channel: &'static str) -> Result<RoaringBitmap, EvaluationError> {
        self.select(
            "SELECT c.customer AS value FROM customers c JOIN consents p ON p.customer = c.customer AND p.channel = $1 AND p.state = 'granted' \
             WHERE c.redirect_to IS NULL AND c.email IS NOT NULL AND NOT EXISTS (SELECT 1 FROM suppressions s WHERE s.address = c.email)",
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
            (EventName::MailOpened, _) => "SELECT customer, count(*) AS n FROM events WHERE name = 'Mail Opened'",
            (EventName::MailClicked, _) => "SELECT customer, count(*) AS n FROM events WHERE name = 'Mail Clicked'",
            (EventName::Page, _) => "SELECT customer, count(*) AS n FROM events WHERE kind = 'page'",
        };
        self.figure(what, sku, window, range).await
    }

    async fn sum(&self, days: i64, range: (i64, i64)) -> Result<RoaringBitmap, EvaluationError> {
        self.figure(
            "SELECT customer, sum(reporting_minor) AS n FROM orders WHERE customer IS NOT NULL",
            None,
            Window::Days(days),
            range,
        )
        .await
    }

    /// People whose figure lies in the range. Where nought lies in it, those without any row are meant too.
    async fn figure(
        &self,
        what: &str,
        sku: Option<&str>,
        window: Window,
        (low, high): (i64, i64),
    ) -> Result<RoaringBitmap, EvaluationError> {
        let is_nought_meant = (low..=high).contains(&0);
        let having = if is_nought_meant { "n < $low OR n > $high" } else { "n >= $low AND n <= $high" };
        let since = match window {
            Window::Days(days) => i64::from(self.today.0) - days,
            Window::Ever => i64::from(i32::MIN),
        };
        let sql = format!(
            "SELECT customer FROM ({what} AND customer IS NOT NULL AND NOT is_simulated AND local_day > $since AND local_day <= $today GROUP BY customer) WHERE {having}"
        );
        let mut query = Query::new(sql)
            .bind("since", since)
            .bind("today", i64::from(self.today.0))
            .bind("low", low)
            .bind("high", high);
        if let Some(sku) = sku {
            query = query.bind("sku", sku);
        }
        let rows = self.history.query(&query).await?;
        let found = bitmap(rows.i64s("customer")?.iter().flatten().copied());
        if is_nought_meant { Ok(self.all().await? - found) } else { Ok(found) }
    }
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
