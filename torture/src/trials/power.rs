//! What was acknowledged survives a power cut.

use super::traffic::{Traffic, compare_history, compare_records};
use crate::{Ground, Report, chance::Chance, disk::Disk, program::Home, report::quantile, shop::Shop, trace};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::atomic::Ordering,
    thread::sleep,
    time::Duration,
};

/// The data folder lies on a disk whose power is cut under traffic. In the long form a missing `fdatasync` is planted
/// afterwards, to show that this would be seen.
pub fn cut_at_any_moment(ground: &Ground) -> Result<Report, String> {
    let cuts = ground.pick(2, 50);
    let folder = tempfile::Builder::new().prefix("najimi-torture-").tempdir().unwrap();
    let disk = Disk::make(folder.path(), 1_024)?;
    let mut home = Home::new(&ground.najimi, folder.path())
        .setting("NAJIMI_HISTORY__FLUSH_ROWS", "300")
        .setting("NAJIMI_HISTORY__FLUSH_SECONDS", "1");
    home.data = disk.mount.join("data");
    let mut shop = Shop::open_at(home);
    let traffic = Traffic::start(&shop, 3, ground.seed, Duration::from_millis(2));
    let mut chance = Chance::new(ground.seed);
    let mut starts = Vec::new();
    for _ in 0..cuts {
        sleep(Duration::from_millis(chance.between(100, ground.pick(500, 1_500))));
        traffic.is_cut.store(true, Ordering::SeqCst);
        disk.cut()?;
        shop.kill();
        disk.restore();
        traffic.is_cut.store(false, Ordering::SeqCst);
        let before = traffic.acknowledged.load(Ordering::Relaxed);
        starts.push(shop.start());
        shop.wait_until("accepting again", || traffic.acknowledged.load(Ordering::Relaxed) > before);
    }
    let sent = traffic.end();
    shop.catch_up();
    shop.stop();
    compare_records(&shop.books(), &sent);
    compare_history(&shop, &sent);
    drop(shop);
    drop(disk);
    let report = Report::new("what was acknowledged survives a power cut", cuts, "power cuts")
        .figure("events", sent.numbers.len())
        .figure("lost", 0)
        .figure("double", 0)
        .figure("seconds to start, slowest", quantile(&mut starts, 1.0));
    if !ground.is_long {
        return Ok(report);
    }
    let caught = planted(ground)?;
    Ok(report.figure("a planted missing fdatasync was seen at cut", caught))
}

/// The journal's `fdatasync` says yes and does nothing. Tells at which cut the loss was seen.
fn planted(ground: &Ground) -> Result<u64, String> {
    if let Some(reason) = trace::missing() {
        return Err(reason);
    }
    for cut in 1..=10 {
        let folder = tempfile::Builder::new().prefix("najimi-torture-").tempdir().unwrap();
        let disk = Disk::make(folder.path(), 256)?;
        let mut home = Home::new(&ground.najimi, folder.path());
        home.data = disk.mount.join("data");
        let mut shop = Shop::open_at(home);
        shop.kill();
        let journal = |lane: &str| shop.home.data.join("journal").join(lane).join(format!("{:020}.log", 0));
        let (live, backfill) = (journal("live").display().to_string(), journal("backfill").display().to_string());
        let words = ["-P", &live, "-P", &backfill, "-e", "trace=fdatasync", "-e", "inject=fdatasync:retval=0"];
        shop.home.under = trace::under(&folder.path().join("trace"), &words);
        shop.start();
        let traffic = Traffic::start(&shop, 6, ground.seed + cut, Duration::ZERO);
        sleep(Duration::from_millis(700));
        traffic.is_cut.store(true, Ordering::SeqCst);
        disk.cut()?;
        shop.kill();
        disk.restore();
        traffic.is_cut.store(false, Ordering::SeqCst);
        shop.home.under.clear();
        shop.start();
        let sent = traffic.end();
        shop.catch_up();
        let held = catch_unwind(AssertUnwindSafe(|| compare_records(&shop.books(), &sent)));
        if held.is_err() || shop.home.told().contains("the disk has lost events") {
            return Ok(cut);
        }
    }
    panic!("a missing fdatasync was not seen in 10 power cuts");
}
