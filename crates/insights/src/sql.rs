//! The questions to the history. Values are bound, never pasted into the text.
//!
//! Each question reads the orders once, or twice where a person's first day is needed beside them, and comes back with
//! no more rows than there are people.

use crate::{Buyer, InsightsError, Month};
use history::{Cells, HistoryError, HistoryReader, Query, Rows};
use roaring::RoaringBitmap;
use vocabulary::Day;

/// Rows that belong to somebody and really happened.
const COUNTED: &str = "customer IS NOT NULL AND NOT is_simulated";

/// Everyone who ordered up to `today`, and how they stood on the day `before`.
pub(crate) async fn buyers(history: &dyn HistoryReader, today: Day, before: Day) -> Result<Vec<Buyer>, InsightsError> {
    let sql = format!(
        "SELECT customer, min(local_day) FILTER (WHERE kind = 'order') AS first_day, \
         max(local_day) FILTER (WHERE kind = 'order') AS last_day, count(*) FILTER (WHERE kind = 'order') AS orders, \
         sum(reporting_minor) AS sales, \
         max(local_day) FILTER (WHERE kind = 'order' AND local_day <= $before) AS last_day_before, \
         count(*) FILTER (WHERE kind = 'order' AND local_day <= $before) AS orders_before \
         FROM orders WHERE {COUNTED} AND local_day <= $today GROUP BY customer \
         HAVING count(*) FILTER (WHERE kind = 'order') > 0"
    );
    let query = Query::new(sql).bind("today", today.0).bind("before", before.0);
    let rows = history.query(&query).await?;
    let column = |name| rows.i64s(name);
    let (customers, sales) = (column("customer")?, column("sales")?);
    let (first, last, orders) = (column("first_day")?, column("last_day")?, column("orders")?);
    let (last_before, orders_before) = (column("last_day_before")?, column("orders_before")?);
    let buyer = |row| {
        Some(Buyer {
            customer: u32::try_from(*customers.get(row)?).ok()?,
            first_day: day(first, row)?,
            last_day: day(last, row)?,
            orders: number(orders, row),
            sales: value(sales, row),
            last_day_before: day(last_before, row),
            orders_before: number(orders_before, row),
        })
    };
    Ok((0..rows.len()).filter_map(buyer).collect())
}

/// What a local day brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DayTotals {
    pub day: Day,
    pub orders: i64,
    pub sales: i64,
    pub refunds: i64,
}

/// The local days from `from` to `to` (both included) on which something was bought or given back.
pub(crate) async fn days(history: &dyn HistoryReader, from: Day, to: Day) -> Result<Vec<DayTotals>, InsightsError> {
    let sql = format!(
        "SELECT local_day, count(*) FILTER (WHERE kind = 'order') AS orders, \
         sum(reporting_minor) FILTER (WHERE kind = 'order') AS sales, \
         sum(reporting_minor) FILTER (WHERE kind = 'refund') AS refunds \
         FROM orders WHERE {COUNTED} AND local_day >= $from AND local_day <= $to GROUP BY local_day ORDER BY local_day"
    );
    let rows = history.query(&between(sql, from, to)).await?;
    let (days, orders) = (rows.i64s("local_day")?, rows.i64s("orders")?);
    let (sales, refunds) = (rows.i64s("sales")?, rows.i64s("refunds")?);
    let totals = |row| {
        Some(DayTotals {
            day: day(days, row)?,
            orders: value(orders, row),
            sales: value(sales, row),
            refunds: value(refunds, row),
        })
    };
    Ok((0..rows.len()).filter_map(totals).collect())
}

/// How many people ordered in these days.
pub(crate) async fn buyers_between(history: &dyn HistoryReader, from: Day, to: Day) -> Result<i64, InsightsError> {
    let sql = format!(
        "SELECT count(DISTINCT customer) AS people FROM orders \
         WHERE {COUNTED} AND kind = 'order' AND local_day >= $from AND local_day <= $to"
    );
    Ok(history.query(&between(sql, from, to)).await?.single_i64("people")?)
}

/// How many people ordered in each week up to `to`: `(weeks ago, people)`, weeks of seven days that end with `to`.
pub(crate) async fn weekly_buyers(
    history: &dyn HistoryReader,
    from: Day,
    to: Day,
) -> Result<Vec<(i64, i64)>, InsightsError> {
    let sql = format!(
        "SELECT ($to - local_day) / 7 AS weeks_ago, count(DISTINCT customer) AS people FROM orders \
         WHERE {COUNTED} AND kind = 'order' AND local_day >= $from AND local_day <= $to GROUP BY 1"
    );
    let rows = history.query(&between(sql, from, to)).await?;
    let (weeks, people) = (rows.i64s("weeks_ago")?, rows.i64s("people")?);
    Ok((0..rows.len()).map(|row| (value(weeks, row), value(people, row))).collect())
}

/// The people who ordered in these days.
pub(crate) async fn people_between(
    history: &dyn HistoryReader,
    from: Day,
    to: Day,
) -> Result<RoaringBitmap, InsightsError> {
    let sql = format!(
        "SELECT DISTINCT customer FROM orders WHERE {COUNTED} AND kind = 'order' AND local_day >= $from AND local_day <= $to"
    );
    Ok(bitmap(&history.query(&between(sql, from, to)).await?)?)
}

/// The people who ordered in these days, and what they bought in them after refunds.
pub(crate) async fn sales_between(
    history: &dyn HistoryReader,
    from: Day,
    to: Day,
) -> Result<Vec<(u32, i64)>, InsightsError> {
    let sql = format!(
        "SELECT customer, sum(reporting_minor) AS sales FROM orders \
         WHERE {COUNTED} AND local_day >= $from AND local_day <= $to GROUP BY customer \
         HAVING count(*) FILTER (WHERE kind = 'order') > 0"
    );
    let rows = history.query(&between(sql, from, to)).await?;
    let (customers, sales) = (rows.i64s("customer")?, rows.i64s("sales")?);
    let person = |row| Some((u32::try_from(*customers.get(row)?).ok()?, value(sales, row)));
    Ok((0..rows.len()).filter_map(person).collect())
}

/// What the people of a cohort did in a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CohortMonth {
    /// The month of their first order.
    pub first: Month,
    /// The month that is told of.
    pub month: Month,
    /// How many of them ordered.
    pub buyers: i64,
    /// What they bought after refunds.
    pub sales: i64,
}

/// All months of all cohorts, in no order.
pub(crate) async fn cohort_months(history: &dyn HistoryReader, today: Day) -> Result<Vec<CohortMonth>, InsightsError> {
    let sql = format!(
        "WITH firsts AS (SELECT customer, CAST(min(local_day) AS DATE) AS first_date FROM orders \
           WHERE {COUNTED} AND kind = 'order' AND local_day <= $today GROUP BY customer), \
         months AS (SELECT customer, month, sum(reporting_minor) AS sales, count(*) FILTER (WHERE kind = 'order') AS orders \
           FROM orders WHERE {COUNTED} AND local_day <= $today GROUP BY customer, month) \
         SELECT date_part('year', firsts.first_date) * 12 + date_part('month', firsts.first_date) - 1 AS first, \
           months.month AS month, count(*) FILTER (WHERE months.orders > 0) AS buyers, sum(months.sales) AS sales \
         FROM months JOIN firsts ON firsts.customer = months.customer GROUP BY 1, 2"
    );
    let rows = history.query(&Query::new(sql).bind("today", today.0)).await?;
    let (firsts, months) = (rows.i64s("first")?, rows.texts("month")?);
    let (buyers, sales) = (rows.i64s("buyers")?, rows.i64s("sales")?);
    let cell = |row| {
        Some(CohortMonth {
            first: Month(i32::try_from(*firsts.get(row)?).ok()?),
            month: Month::read(months.get(row)?)?,
            buyers: value(buyers, row),
            sales: value(sales, row),
        })
    };
    Ok((0..rows.len()).filter_map(cell).collect())
}

/// The people who ordered again within `window` local days of their first order; the same day counts.
pub(crate) async fn second_buyers(
    history: &dyn HistoryReader,
    today: Day,
    window: i32,
) -> Result<RoaringBitmap, InsightsError> {
    let sql = format!(
        "WITH firsts AS (SELECT customer, min(local_day) AS first_day FROM orders \
           WHERE {COUNTED} AND kind = 'order' AND local_day <= $today GROUP BY customer) \
         SELECT orders.customer AS customer FROM orders JOIN firsts ON firsts.customer = orders.customer \
         WHERE NOT orders.is_simulated AND orders.kind = 'order' AND orders.local_day <= $today \
           AND orders.local_day - firsts.first_day <= $window \
         GROUP BY orders.customer HAVING count(*) >= 2"
    );
    let query = Query::new(sql).bind("today", today.0).bind("window", window);
    Ok(bitmap(&history.query(&query).await?)?)
}

fn between(sql: String, from: Day, to: Day) -> Query {
    Query::new(sql).bind("from", from.0).bind("to", to.0)
}

fn bitmap(rows: &Rows) -> Result<RoaringBitmap, HistoryError> {
    let mut people: Vec<u32> = rows.i64s("customer")?.iter().flatten().filter_map(|n| u32::try_from(*n).ok()).collect();
    people.sort_unstable();
    Ok(people.into_iter().collect())
}

fn value(cells: &Cells<i64>, row: usize) -> i64 {
    cells.get(row).copied().unwrap_or(0)
}

fn number(cells: &Cells<i64>, row: usize) -> u32 {
    u32::try_from(value(cells, row)).unwrap_or(u32::MAX)
}

fn day(cells: &Cells<i64>, row: usize) -> Option<Day> {
    cells.get(row).and_then(|day| i32::try_from(*day).ok()).map(Day)
}
