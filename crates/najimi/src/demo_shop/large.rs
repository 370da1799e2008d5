//! The large shop: made and imported group by group, so that neither memory nor journal grows with it.
//!
//! A group that was broken off is imported again at the next start; its orders have the same numbers, so nothing doubles.

use super::{DemoShop, evening, load};
use crate::shop::Shop;
use anyhow::Context;
use collect::files::FileKind;
use demo::LargeOptions;
use records::{Actor, Sql, values};
use std::{
    fs::File,
    io::BufWriter,
    sync::Arc,
    time::{Duration, Instant},
};
use vocabulary::Day;

/// Customers of a group, with about twenty orders each.
const GROUP: u64 = 5_000;
/// Events that may wait for the pipeline while the next group is made.
const WAITING_MAX: u64 = 200_000;
/// Another one gives another shop.
const SEED: u64 = 1;
const NAME: &str = "demo.large";

/// How far the load is.
pub struct Step {
    /// Customers whose orders are safe.
    pub customers: u64,
    /// Order lines since this start.
    pub lines: u64,
    /// Of them, worked through to the screens, each second.
    pub lines_per_second: u64,
    /// Until the end, when that can be told.
    pub seconds_left: Option<u64>,
}

/// Loads what is missing. `tell` hears how far it is.
pub async fn load_large(
    shop: &Shop,
    demo: &DemoShop,
    customers: u64,
    mut tell: impl FnMut(&Step),
) -> anyhow::Result<()> {
    let done: Option<String> =
        shop.ground.records.reader().scalar("SELECT value FROM settings WHERE name = $1", values![NAME]).await?;
    let first = done.and_then(|text| text.parse().ok()).unwrap_or(0);
    let mut watch = Pace { begun: Instant::now(), first, customers, lines: 0, waiting: 0 };
    if first < customers {
        let files = demo.inner.files.clone();
        let made = tokio::task::spawn_blocking(move || files.large(LargeOptions::new(customers, SEED))).await?;
        let made = Arc::new(made.context("the pattern of the large shop cannot be read")?);
        let mut from = first;
        while from < customers {
            let until = (from + GROUP).min(customers);
            let (made, group_demo, intake) = (made.clone(), demo.clone(), shop.intake.clone());
            let group = tokio::task::spawn_blocking(move || import_group(&made, &group_demo, &intake, from..until));
            watch.lines += group.await.context("the making of a group broke off")??;
            keep(shop, until).await?;
            from = until;
            watch.until_few_wait(shop, from, WAITING_MAX, &mut tell).await;
        }
    }
    // Also when all groups were made by an earlier start that was broken off.
    watch.until_few_wait(shop, customers, 0, &mut tell).await;
    Ok(())
}

fn import_group(
    made: &demo::LargeShop,
    demo: &DemoShop,
    intake: &collect::ingest::Intake,
    customers: std::ops::Range<u64>,
) -> anyhow::Result<u64> {
    let scratch = demo.inner.scratch.clone();
    std::fs::create_dir_all(&scratch)?;
    let (people, orders) = (scratch.join("customers.csv"), scratch.join("orders.csv"));
    made.write_customers_csv(header(&people, &demo::CUSTOMER_COLUMNS, customers.start)?, customers.clone())?;
    let lines = made.write_orders_csv(header(&orders, &demo::ORDER_COLUMNS, customers.start)?, customers)?;
    let now = evening(Day::from_date(demo::DEMO_TODAY)).max(demo.clock().now());
    let journal = intake.backfill.clone();
    load::import(&people, FileKind::Customers, now, intake.reporting, journal.clone())?;
    load::import(&orders, FileKind::Orders, now, intake.reporting, journal)?;
    std::fs::remove_file(&people)?;
    std::fs::remove_file(&orders)?;
    Ok(lines)
}

/// A file that begins with its header; the maker writes it for the very first group only.
fn header(path: &std::path::Path, columns: &[&str], first: u64) -> anyhow::Result<BufWriter<File>> {
    use std::io::Write;
    let mut file = BufWriter::with_capacity(1 << 20, File::create(path)?);
    if first > 0 {
        writeln!(file, "{}", columns.join(","))?;
    }
    Ok(file)
}

async fn keep(shop: &Shop, customers: u64) -> anyhow::Result<()> {
    let tx = shop.ground.records.begin(&Actor::System("demo"), "demo.large").await?;
    let sql =
        "INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    tx.execute(sql, values![NAME, customers.to_string()]).await?;
    Ok(tx.commit().await?)
}

/// How fast it goes.
struct Pace {
    begun: Instant,
    first: u64,
    customers: u64,
    lines: u64,
    waiting: u64,
}

impl Pace {
    /// Waits until at most so many events wait for the pipeline.
    async fn until_few_wait(&mut self, shop: &Shop, made: u64, most: u64, tell: &mut impl FnMut(&Step)) {
        loop {
            self.waiting = shop.intake.lag().backfill;
            let is_through = self.waiting <= most;
            if !is_through || self.lines > 0 {
                tell(&self.step(made));
            }
            if is_through {
                break;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    fn step(&self, customers: u64) -> Step {
        let seconds = self.begun.elapsed().as_secs_f64().max(0.1);
        let through = self.lines.saturating_sub(self.waiting) as f64;
        let (made, all) = ((customers - self.first) as f64, (self.customers - self.first) as f64);
        // What is made and waits counts as not done yet.
        let share = if self.lines == 0 { 0.0 } else { made / all * through / self.lines as f64 };
        let seconds_left = (share > 0.01).then(|| (seconds / share - seconds) as u64);
        Step { customers, lines: self.lines, lines_per_second: (through / seconds) as u64, seconds_left }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_is_not_counted_as_done() {
        let begun = Instant::now().checked_sub(Duration::from_secs(10)).unwrap();
        let pace = Pace { begun, first: 0, customers: 1_000, lines: 2_000, waiting: 1_000 };
        let step = pace.step(500);
        assert_eq!((step.customers, step.lines, step.lines_per_second), (500, 2_000, 99));
        assert!(matches!(step.seconds_left, Some(29..=31)), "{:?}", step.seconds_left);
    }
}
