//! The first load: writes the shop's files as an import would get them, and imports them.

use super::{DemoShop, SITE, ZONE, samples};
use crate::shop::Shop;
use anyhow::Context;
use collect::{
    files::{FileKind, FileLimits, ReadOptions, Source, TableOptions, Watch, inspect},
    imports::{ImportOptions, Imported, PersonConsent, import_customers, import_orders},
    ingest::Intake,
};
use journal::Journal;
use records::{Actor, Sql, values};
use std::{fs::File, io::BufWriter, path::Path, time::Duration};
use vocabulary::{Clock, Currency, Day, id::ImportId};

/// Members joined within two years before the demo's today; the load begins there.
const BEFORE_EVERYTHING: &str = "2020-01-01";

/// Loads the shop when that was not done yet. `say` is told how far it is.
pub async fn load(shop: &Shop, demo: &DemoShop, say: impl Fn(&str)) -> anyhow::Result<()> {
    let reader = shop.ground.records.reader();
    let done: Option<String> = reader.scalar("SELECT value FROM settings WHERE name = 'demo.loaded'", vec![]).await?;
    if done.is_some() {
        return Ok(());
    }
    let (from, to): (Day, Day) = (BEFORE_EVERYTHING.parse()?, demo.today());
    say("reading 541,909 order lines of the demo shop (about half a minute)");
    let imported = import_days(demo, &shop.intake, shop.intake.backfill.clone(), from, to).await?;
    say(&format!("{} events are safe; customers, orders and history follow", imported));
    follow(&shop.intake, &say).await;
    samples::insert(shop, demo).await?;
    follow(&shop.intake, &say).await;
    let tx = shop.ground.records.begin(&Actor::System("demo"), "demo.loaded").await?;
    tx.execute("INSERT INTO settings (name, value) VALUES ('demo.loaded', $1)", values![to.to_string()]).await?;
    tx.commit().await?;
    Ok(())
}

/// Waits until the pipeline has worked through all that waits.
pub async fn follow(intake: &Intake, say: &impl Fn(&str)) {
    let mut rounds: u32 = 0;
    loop {
        let lag = intake.lag();
        if lag.live + lag.backfill == 0 {
            return;
        }
        if rounds % 10 == 9 {
            say(&format!("{} events wait", lag.live + lag.backfill));
        }
        rounds += 1;
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// Imports the people and orders of some days and tells how many events that made.
pub async fn import_days(
    demo: &DemoShop,
    intake: &Intake,
    journal: Journal,
    from: Day,
    to: Day,
) -> anyhow::Result<u64> {
    let (demo, reporting) = (demo.clone(), intake.reporting);
    let events = tokio::task::spawn_blocking(move || -> anyhow::Result<u64> {
        let scratch = demo.inner.scratch.clone();
        std::fs::create_dir_all(&scratch)?;
        let (people, orders) = (scratch.join("customers.csv"), scratch.join("orders.csv"));
        demo.inner.files.write_customers_csv(BufWriter::new(File::create(&people)?), from.date(), to.date())?;
        demo.inner.files.write_orders_csv(BufWriter::new(File::create(&orders)?), from.date(), to.date())?;
        let now = demo.inner.clock.now();
        let taken = import(&people, FileKind::Customers, now, reporting, journal.clone())?;
        let orders_taken = import(&orders, FileKind::Orders, now, reporting, journal)?;
        std::fs::remove_file(&people)?;
        std::fs::remove_file(&orders)?;
        Ok(taken.events + orders_taken.events)
    });
    events.await.context("the import has stopped")?
}

/// Imports a file of the demo on the way of any file.
pub(super) fn import(
    path: &Path,
    kind: FileKind,
    now: vocabulary::Timestamp,
    reporting: Currency,
    journal: Journal,
) -> anyhow::Result<Imported> {
    let limits = FileLimits::default();
    let inspection = inspect(Source::open(path, &limits)?, Some(kind), &TableOptions::default())?;
    let mut read = ReadOptions::new(ZONE, Currency::GBP, now);
    read.spill_folder = path.parent().unwrap_or(Path::new(".")).to_owned();
    let options = ImportOptions {
        import_id: ImportId::new(now),
        source: SITE.to_owned(),
        currency: Currency::GBP,
        reporting,
        rate: demo::JPY_PER_GBP.to_string().parse().ok(),
        zone: ZONE,
        consent: PersonConsent::Column,
        now,
    };
    let (source, mapping) = (Source::open(path, &limits)?, inspection.proposal.mapping);
    Ok(match kind {
        FileKind::Orders => import_orders(source, &mapping, &read, &options, journal, Watch::default())?,
        FileKind::Customers => import_customers(source, &mapping, &read, &options, journal, Watch::default())?,
    })
}
