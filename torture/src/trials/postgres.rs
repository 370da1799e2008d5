//! PostgreSQL is broken off under traffic.

use super::traffic::{Traffic, compare_history, compare_records};
use crate::{
    Ground, Report,
    chance::Chance,
    postgres::{self, Postgres},
    program::Home,
    report::quantile,
    shop::Shop,
};
use std::{
    sync::atomic::Ordering,
    thread::sleep,
    time::{Duration, Instant},
};

/// Events that the pipeline has worked through.
const WORKED: &str = "SELECT COUNT(*) AS value FROM seen_messages";

/// `pg_ctl -m immediate restart`, again and again: nothing lost, nothing double, no other answer than 503, and work goes
/// on soon after the database is back.
pub fn broken_off_under_load(ground: &Ground) -> Result<Report, String> {
    if let Some(reason) = postgres::missing() {
        return Err(reason.to_owned());
    }
    let restarts = ground.pick(6, 100);
    let folder = tempfile::Builder::new().prefix("najimi-torture-").tempdir().unwrap();
    let database = Postgres::start(folder.path());
    let home = Home::new(&ground.najimi, folder.path())
        .setting("NAJIMI_RECORDS__URL", &database.url())
        .setting("NAJIMI_HISTORY__FLUSH_ROWS", "300");
    let mut shop = Shop::open_at(home);
    let traffic = Traffic::start(&shop, 4, ground.seed, Duration::from_millis(ground.pick(150, 20)));
    let mut chance = Chance::new(ground.seed);
    let books = shop.books();
    let (mut accepting, mut working) = (Vec::new(), Vec::new());
    for _ in 0..restarts {
        sleep(Duration::from_millis(chance.between(100, 900)));
        database.break_off();
        let begun = Instant::now();
        let before = traffic.acknowledged.load(Ordering::Relaxed);
        shop.wait_until("accepting again", || traffic.acknowledged.load(Ordering::Relaxed) > before);
        accepting.push(begun.elapsed());
        // The pipeline too: it is further than it was.
        let events = books.number(WORKED);
        shop.wait_until("working again", || books.number(WORKED) > events);
        working.push(begun.elapsed());
    }
    let sent = traffic.end();
    shop.catch_up();
    compare_records(&books, &sent);
    shop.stop();
    compare_history(&shop, &sent);
    drop(books);
    assert!(sent.refused.keys().all(|status| *status == 503), "only 503: {:?}", sent.refused);
    let slowest = accepting.iter().max().copied().unwrap_or_default();
    assert!(slowest <= Duration::from_secs(ground.pick(10, 2)), "accepting again took {slowest:?}");
    Ok(Report::new("PostgreSQL may be broken off under load", restarts, "breaks of PostgreSQL")
        .figure("events", sent.numbers.len())
        .figure("lost", 0)
        .figure("double", 0)
        .figure("answers other than yes, by status", serde_json::json!(sent.refused))
        .figure("seconds from the database's return to the next acknowledgement, median", quantile(&mut accepting, 0.5))
        .figure(
            "seconds from the database's return to the next acknowledgement, slowest",
            quantile(&mut accepting, 1.0),
        )
        .figure(
            "seconds from the database's return to the next batch worked through, slowest",
            quantile(&mut working, 1.0),
        ))
}
