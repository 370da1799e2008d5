//! Publishing to the history, and every other durable step, is done once: the program dies at the n-th call that makes
//! something durable, for one kind of call after the other.

use super::traffic::{Traffic, compare_history, compare_records};
use crate::{Ground, Report, shop::Shop, trace};
use std::{
    thread::sleep,
    time::{Duration, Instant},
};

/// Calls by which something becomes or ceases to be durable. The history syncs files and folders and links its log
/// entries, the journal confirms groups, the records confirm commits, trimming deletes.
const CALLS: [&str; 5] = ["fsync", "fdatasync", "link,linkat,rename,renameat,renameat2", "unlink,unlinkat", "openat"];
/// How long to wait for the death.
const DEATH_MAX: [Duration; 2] = [Duration::from_secs(4), Duration::from_secs(12)];

/// The program is killed by the system at its n-th such call (counted for each thread), under traffic.
pub fn killed_at_every_step(ground: &Ground) -> Result<Report, String> {
    if let Some(reason) = trace::missing() {
        return Err(reason);
    }
    let mut shop = Shop::open(ground, &[("NAJIMI_HISTORY__FLUSH_ROWS", "60"), ("NAJIMI_HISTORY__FLUSH_SECONDS", "1")]);
    let traffic = Traffic::start(&shop, 2, ground.seed, Duration::from_millis(ground.pick(40, 15)));
    let (mut deaths, mut survived) = (0, 0);
    let steps: &[u64] = ground.pick(&[2, 9], &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 17, 20, 24, 29, 35, 42, 50, 60]);
    for calls in CALLS {
        for step in steps {
            // The first opened files are libraries.
            let step = if calls == "openat" { step * 9 + 30 } else { *step };
            let fault = format!("inject={calls}:signal=KILL:when={step}");
            shop.kill();
            let file = shop.home.log.with_extension("trace");
            shop.home.under = trace::under(&file, &["-e", &format!("trace={calls}"), "-e", &fault]);
            let mut running = shop.home.start();
            let begun = Instant::now();
            while running.ended().is_none() && begun.elapsed() < ground.pick(DEATH_MAX[0], DEATH_MAX[1]) {
                sleep(Duration::from_millis(10));
            }
            if running.ended().is_some() {
                deaths += 1
            } else {
                survived += 1
            }
            running.kill();
        }
    }
    shop.home.under.clear();
    shop.start();
    let sent = traffic.end();
    shop.catch_up();
    shop.stop();
    compare_records(&shop.books(), &sent);
    compare_history(&shop, &sent);
    assert!(deaths > 0, "no start died at its step");
    Ok(Report::new("every step of publishing is done once", deaths, "deaths at a chosen step")
        .figure("events", sent.numbers.len())
        .figure("missing", 0)
        .figure("double", 0)
        .figure("killed before they reached their step", survived))
}
