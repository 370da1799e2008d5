//! What is usual: the people whom the segment would have chosen 28 days ago, and who of them has bought since.
//!
//! The people whom it chooses today would not do: a segment of people who stayed away for 60 days holds nobody who
//! bought in the last 28, and its usual share would be nought. What orders say is taken as it was then; facts and
//! consent are today's.

use super::CampaignError;
use crate::Engage;
use customers::values::NEVER;
use history::Query;
use roaring::RoaringBitmap;
use segments::{
    everyone::Everyone,
    tree::{EventName, Fact, FactValue, SegmentTree, Window, f_band, r_band},
};
use std::{collections::HashMap, future::Future, pin::Pin};
use vocabulary::Day;

/// Local days that are looked back, as many as a result looks ahead.
const DAYS: i32 = 28;

impl Engage {
    /// The share of buyers within 28 days, as a fraction: of the people whom `tree` would have chosen before these
    /// days; of `chosen` when it would have chosen nobody.
    pub(crate) async fn base_rate(&self, tree: &SegmentTree, chosen: &RoaringBitmap) -> Result<f64, CampaignError> {
        let until = self.last_whole_day();
        let then = Then::at(self, until.plus(-DAYS), until).await?;
        let before = then.people(tree).await? - &then.newcomers;
        let share = |people: &RoaringBitmap| people.intersection_len(&then.buyers) as f64 / people.len().max(1) as f64;
        Ok(if before.is_empty() { share(chosen) } else { share(&before) })
    }
}

/// How somebody stood on a day, by orders.
#[derive(Clone, Copy)]
struct Standing {
    last_day: i64,
    orders: i64,
    sales: i64,
}

/// The shop as it was on a day.
struct Then {
    everyone: Everyone,
    standings: HashMap<u32, Standing>,
    /// Who has bought since.
    buyers: RoaringBitmap,
    /// Who came since: nobody could have chosen them.
    newcomers: RoaringBitmap,
}

type Found<'a> = Pin<Box<dyn Future<Output = Result<RoaringBitmap, CampaignError>> + Send + 'a>>;

impl Then {
    async fn at(engage: &Engage, then: Day, until: Day) -> Result<Self, CampaignError> {
        let query = Query::new(
            "SELECT customer, max(local_day) FILTER (WHERE kind = 'order' AND local_day <= $then) AS last_day, \
             count(*) FILTER (WHERE kind = 'order' AND local_day <= $then) AS orders, \
             sum(reporting_minor) FILTER (WHERE local_day <= $then) AS sales, \
             count(*) FILTER (WHERE kind = 'order' AND local_day > $then) AS since \
             FROM orders WHERE customer IS NOT NULL AND NOT is_simulated AND local_day <= $until GROUP BY customer",
        );
        let rows = engage.inner.history.query(&query.bind("then", then.0).bind("until", until.0)).await?;
        let (customers, last_days, orders) = (rows.i64s("customer")?, rows.i64s("last_day")?, rows.i64s("orders")?);
        let (sales, since) = (rows.i64s("sales")?, rows.i64s("since")?);
        let everyone = engage.everyone(then);
        let members = super::sql::joined_until(&everyone.reader, then.0).await?;
        let mut found = Self {
            everyone,
            standings: HashMap::with_capacity(rows.len()),
            buyers: RoaringBitmap::new(),
            newcomers: RoaringBitmap::new(),
        };
        for row in 0..rows.len() {
            let value = |cells: &history::Cells<i64>| cells.get(row).copied();
            let Some(person) = value(customers).and_then(|person| u32::try_from(person).ok()) else { continue };
            let (orders, has_bought) = (value(orders).unwrap_or(0), value(since).unwrap_or(0) > 0);
            if has_bought {
                found.buyers.insert(person);
            }
            if has_bought && orders == 0 && !members.contains(person) {
                found.newcomers.insert(person);
            }
            let standing =
                Standing { last_day: value(last_days).unwrap_or(NEVER), orders, sales: value(sales).unwrap_or(0) };
            found.standings.insert(person, standing);
        }
        Ok(found)
    }

    /// The people in the segment. The tree has been checked.
    fn people<'a>(&'a self, tree: &'a SegmentTree) -> Found<'a> {
        Box::pin(async move {
            match tree {
                SegmentTree::And { of } => {
                    let mut people = self.people(&of[0]).await?;
                    for condition in &of[1..] {
                        people &= self.people(condition).await?;
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
                SegmentTree::Not { of } => Ok(self.everyone.all().await? - self.people(of).await?),
                leaf => self.leaf(leaf).await,
            }
        })
    }

    async fn leaf(&self, leaf: &SegmentTree) -> Result<RoaringBitmap, CampaignError> {
        match leaf {
            SegmentTree::Recency { is, days } => {
                let range = self.days_ago(days.range(*is));
                Ok(self.who(|standing| within(standing.last_day, range)))
            }
            SegmentTree::Rfm { r, f, cells, .. } => {
                let cells: Vec<_> =
                    cells.iter().map(|(ri, fi)| (self.days_ago(r_band(r, *ri)), f_band(f, *fi))).collect();
                let is_in = |standing: &Standing| {
                    cells
                        .iter()
                        .any(|(days, orders)| within(standing.last_day, *days) && within(standing.orders, *orders))
                };
                Ok(self.who(is_in))
            }
            SegmentTree::Count { event: EventName::Order, sku: None, window: Window::Ever, is, value } => {
                self.by_figure(value.range(*is), |standing| standing.orders).await
            }
            SegmentTree::Sum { window: Window::Ever, is, value } => {
                self.by_figure(value.range(*is), |standing| standing.sales).await
            }
            SegmentTree::Fact { fact: Fact::IsMemberOnly, value: FactValue::Flag(flag), .. } => {
                let range = if *flag { (0, 0) } else { (1, i64::MAX) };
                self.by_figure(range, |standing| standing.orders).await
            }
            // Figures within a window end on the day of `everyone`, which is then.
            other => Ok(self.everyone.people(other).await?),
        }
    }

    fn who(&self, is_in: impl Fn(&Standing) -> bool) -> RoaringBitmap {
        self.standings.iter().filter(|(_, standing)| is_in(standing)).map(|(person, _)| *person).collect()
    }

    /// Where nought is meant, those without any order are meant too.
    async fn by_figure(&self, range: (i64, i64), figure: fn(&Standing) -> i64) -> Result<RoaringBitmap, CampaignError> {
        if within(0, range) {
            return Ok(self.everyone.all().await? - self.who(|standing| !within(figure(standing), range)));
        }
        Ok(self.who(|standing| within(figure(standing), range)))
    }

    /// The local days that lie so many days back, earliest first; never those of people who never bought.
    fn days_ago(&self, (low, high): (i64, i64)) -> (i64, i64) {
        let today = i64::from(self.everyone.today.0);
        (today.saturating_sub(high).max(NEVER + 1), today.saturating_sub(low.max(0)))
    }
}

fn within(value: i64, (low, high): (i64, i64)) -> bool {
    (low..=high).contains(&value)
}
