//! The demo shop: its clock that people move by hand, its first load, and the days that are held back.
//!
//! Orders come in through the ordinary import, so the demo shows what a real import does.

mod about;
mod advance;
mod kind;
mod large;
mod load;
mod samples;

pub use about::{description, routes};
pub use kind::DemoKind;
pub use large::load_large;
pub use load::load;

use access::DemoView;
use anyhow::Context;
use demo::DemoFolder;
use records::{Actor, Records, Sql, values};
use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};
use vocabulary::{Clock, Day, SharedClock, Timestamp, Zone, clock::ManualClock};

/// Where the demo shop stands.
pub const ZONE: Zone = Zone::TOKYO;
/// The name under which the shop's orders and customers come in.
pub const SITE: &str = "shop";
/// The hour at which the demo's clock stands still: after closing time.
const HOUR: i64 = 21;

/// The demo, shared by everything that asks for its clock.
#[derive(Clone)]
pub struct DemoShop {
    inner: Arc<Inner>,
}

struct Inner {
    files: DemoFolder,
    scratch: PathBuf,
    clock: Arc<ManualClock>,
    is_advancing: AtomicBool,
    /// The large shop holds no days back.
    is_large: AtomicBool,
}

impl DemoShop {
    /// Opens the demo's files. `scratch` is where its import files are written.
    pub fn open(folder: PathBuf, scratch: PathBuf) -> anyhow::Result<Self> {
        let files = DemoFolder::open(folder.clone()).with_context(|| {
            format!(
                "the demo's data is not in {}; start in the repository's folder or set NAJIMI_DEMO_FOLDER",
                folder.display()
            )
        })?;
        let clock = Arc::new(ManualClock::at(evening(Day::from_date(demo::DEMO_TODAY))));
        Ok(Self {
            inner: Arc::new(Inner {
                files,
                scratch,
                clock,
                is_advancing: AtomicBool::new(false),
                is_large: AtomicBool::new(false),
            }),
        })
    }

    /// Sets the clock to where it stood at the last end.
    pub async fn resume(self, records: &Records) -> anyhow::Result<Self> {
        let is_large = matches!(DemoKind::of(records).await?, Some(DemoKind::Large { .. }));
        self.inner.is_large.store(is_large, Ordering::Release);
        let kept: Option<String> =
            records.reader().scalar("SELECT value FROM settings WHERE name = 'demo.today'", vec![]).await?;
        if let Some(today) = kept.and_then(|text| text.parse().ok()) {
            self.inner.clock.set(evening(today));
        }
        Ok(self)
    }

    /// The demo's clock.
    pub fn clock(&self) -> SharedClock {
        self.inner.clock.clone()
    }

    /// The demo's today.
    pub fn today(&self) -> Day {
        ZONE.day(self.inner.clock.now())
    }

    /// The demo's clock, for every page.
    pub fn view(&self) -> DemoView {
        let (today, last_day) = (self.today(), self.last_day());
        DemoView {
            today,
            last_day,
            can_advance: today < last_day,
            is_large: self.is_large(),
            advancing: self.inner.is_advancing.load(Ordering::Acquire),
        }
    }

    /// Whether customers and orders are invented.
    fn is_large(&self) -> bool {
        self.inner.is_large.load(Ordering::Acquire)
    }

    /// The last day that can come: the large shop has none held back.
    fn last_day(&self) -> Day {
        Day::from_date(if self.is_large() { demo::DEMO_TODAY } else { demo::LAST_DAY })
    }

    async fn set_today(&self, records: &Records, today: Day) -> anyhow::Result<()> {
        let tx = records.begin(&Actor::System("demo"), "demo.today").await?;
        let sql = "INSERT INTO settings (name, value) VALUES ('demo.today', $1) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
        tx.execute(sql, values![today.to_string()]).await?;
        tx.commit().await?;
        self.inner.clock.set(evening(today));
        Ok(())
    }
}

fn evening(day: Day) -> Timestamp {
    ZONE.start_of(day).plus_seconds(HOUR * 3600)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use testing::TestDatabase;

    async fn opened(records: &Records) -> DemoShop {
        let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../demo"));
        DemoShop::open(folder, PathBuf::from("unused")).unwrap().resume(records).await.unwrap()
    }

    testing::on_both! {
        async fn a_clock_that_was_moved_stands_there_after_a_crash(database: TestDatabase) {
            let demo = opened(&database.records).await;
            assert_eq!(demo.today(), Day::from_date(demo::DEMO_TODAY));
            let week = demo.today().plus(7);
            demo.set_today(&database.records, week).await.unwrap();
            // Nothing was said in farewell.
            drop(demo);
            let again = opened(&database.reopened().await).await;
            assert_eq!((again.today(), again.view().today), (week, week));
            assert_eq!(again.clock().now(), evening(week));
            assert!(!again.view().advancing && again.begin_advancing(), "days may pass again");
        }
    }
}
