//! An accepted event is never lost and never counted twice.

use super::traffic::{Traffic, compare_history, compare_records};
use crate::{Ground, Report, chance::Chance, report::quantile, shop::Shop};
use std::{
    sync::atomic::Ordering,
    thread::sleep,
    time::{Duration, Instant},
};

/// Within so many seconds after a start it takes events and answers questions. The median is held to it, since the
/// machine may have other things to do; the slower ones are told.
const START_MAX: f64 = 2.0;

/// The program is killed again and again under traffic. Its history is written every few hundred rows, so that kills
/// meet commits of the journal, of the records and of the history.
pub fn killed_at_any_moment(ground: &Ground) -> Result<Report, String> {
    let kills = ground.pick(8, 200);
    let mut chance = Chance::new(ground.seed);
    let mut shop = Shop::open(ground, &[("NAJIMI_HISTORY__FLUSH_ROWS", "300"), ("NAJIMI_HISTORY__FLUSH_SECONDS", "1")]);
    let traffic = Traffic::start(&shop, ground.pick(3, 4), ground.seed, Duration::from_millis(ground.pick(5, 25)));
    let (mut accepting, mut reading, mut lags) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..kills {
        sleep(Duration::from_millis(chance.between(20, ground.pick(500, 1_200))));
        shop.kill();
        let (before, begun) = (traffic.acknowledged.load(Ordering::Relaxed), Instant::now());
        shop.start();
        lags.extend(shop.lag());
        let answered = shop.operator().get("/api/customers").is_ok_and(|answer| answer.is_yes());
        assert!(answered, "it is ready and does not answer");
        reading.push(begun.elapsed());
        shop.wait_until("waiting for events to be taken", || traffic.acknowledged.load(Ordering::Relaxed) > before);
        accepting.push(begun.elapsed());
    }
    let sent = traffic.end();
    shop.catch_up();
    shop.stop();
    compare_records(&shop.books(), &sent);
    compare_history(&shop, &sent);
    let usual = quantile(&mut accepting, 0.5).max(quantile(&mut reading, 0.5));
    assert!(!ground.is_long || usual <= START_MAX, "half of the starts took more than {usual} s");
    Ok(Report::new("an accepted event is never lost and never counted twice", kills, "kills")
        .figure("events", sent.numbers.len())
        .figure("lost", 0)
        .figure("double", 0)
        .figure("requests without an answer, sent again", sent.unanswered)
        .figure("acknowledged requests sent again", sent.repeated)
        .figure("seconds to accept again, median", quantile(&mut accepting, 0.5))
        .figure("seconds to accept again, nine of ten", quantile(&mut accepting, 0.9))
        .figure("seconds to accept again, slowest", quantile(&mut accepting, 1.0))
        .figure("seconds to answer questions again, slowest", quantile(&mut reading, 1.0))
        .figure("events waiting after a start, most", lags.into_iter().max().unwrap_or(0)))
}
