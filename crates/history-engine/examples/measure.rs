//! How long the history takes to take in, write, compact and answer, with made-up orders.
//!
//! `cargo run -p history-engine --example measure -- 200000` (number of orders). Figures of an
//! unoptimised build say only which step is slow beside the others.
#![allow(clippy::print_stdout, reason = "a program for people")]

use history::{Append, HistoryError, HistoryReader, Lane, OrderKind, OrderRow, Query};
use history_engine::{History, Options};
use std::path::PathBuf;
use std::time::Instant;

const FIRST_DAY: i64 = 19_000;
const DAYS: i64 = 1_095;

const QUESTIONS: [(&str, &str); 6] = [
    ("all orders", "SELECT count(*), sum(reporting_minor) FROM orders"),
    (
        "rfm",
        "SELECT count(*), sum(f), sum(m) FROM (SELECT customer, max(local_day) FILTER (WHERE kind = 'order') AS r,
         count(*) FILTER (WHERE kind = 'order') AS f, sum(reporting_minor) AS m FROM orders
         WHERE customer IS NOT NULL GROUP BY customer)",
    ),
    (
        "deciles",
        "SELECT tenth, count(*), sum(m) FROM (SELECT ntile(10) OVER (ORDER BY m DESC) AS tenth, m FROM
         (SELECT customer, sum(reporting_minor) AS m FROM orders WHERE customer IS NOT NULL GROUP BY customer))
         GROUP BY tenth ORDER BY tenth",
    ),
    (
        "cohorts",
        "WITH firsts AS (SELECT customer, min(month) AS cohort FROM orders WHERE kind = 'order' GROUP BY customer)
         SELECT cohort, month, count(DISTINCT orders.customer) FROM orders JOIN firsts USING (customer)
         GROUP BY cohort, month",
    ),
    ("28 days", "SELECT count(*), sum(reporting_minor) FROM orders WHERE local_day >= 20067"),
    ("one customer", "SELECT order_id, ordered_at FROM orders WHERE customer = 777 ORDER BY ordered_at DESC LIMIT 50"),
];

fn order(place: i64, customers: i64) -> OrderRow {
    // A cheap scatter; the same every time.
    let chance = place.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407) >> 17;
    let day = FIRST_DAY + chance.rem_euclid(DAYS);
    let amount = 500 + chance.rem_euclid(20_000);
    OrderRow {
        order_id: format!("0190{:08x}-{place:012x}", chance.rem_euclid(1 << 32)),
        site: "honten".to_owned(),
        number: place.to_string(),
        version: 1,
        customer: Some((chance / 7).rem_euclid(customers)),
        customer_id: None,
        kind: if chance % 20 == 0 { OrderKind::Refund } else { OrderKind::Order },
        ordered_at: day * 86_400_000_000 + chance.rem_euclid(86_400_000_000),
        local_day: i32::try_from(day).unwrap_or(0),
        amount_minor: amount,
        currency: "JPY".to_owned(),
        reporting_minor: amount,
        products_minor: amount,
        fees_minor: 0,
        quantity: 1,
        is_simulated: false,
    }
}

async fn take_in(history: &History, orders: u64) -> Result<(), HistoryError> {
    let customers = i64::try_from(orders / 20).unwrap_or(i64::MAX).max(1);
    let mut from = 0;
    while from < orders {
        let until = (from + 10_000).min(orders);
        let mut append = Append::new(Lane::Backfill, from, until);
        for position in from..until {
            append.order(position, order(i64::try_from(position).unwrap_or(0), customers));
        }
        history.append(append).await?;
        history.flush_if_due(0).await?;
        from = until;
    }
    history.flush(0).await.map(|_| ())
}

async fn ask_all(history: &History) -> Result<(), HistoryError> {
    for (name, sql) in QUESTIONS {
        let mut times = Vec::new();
        for _ in 0..3 {
            let begin = Instant::now();
            history.query(&Query::new(sql)).await?;
            times.push(begin.elapsed().as_millis());
        }
        println!("{name:>14}: {times:?} ms");
    }
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let orders: u64 = arguments.next().map_or(Ok(200_000), |text| text.parse())?;
    let folder = arguments.next().map_or_else(|| std::env::temp_dir().join("najimi-measure"), PathBuf::from);
    let _ = std::fs::remove_dir_all(&folder);
    let history = History::open(&folder, Options::default()).await?;
    let begin = Instant::now();
    take_in(&history, orders).await?;
    println!("{orders} orders taken in and written in {:.2?}", begin.elapsed());
    ask_all(&history).await?;
    let begin = Instant::now();
    let compacted = history.compact(0).await?;
    println!("compacted in {:.2?}: {compacted:?}", begin.elapsed());
    ask_all(&history).await?;
    let explained = history.query_readonly(&format!("EXPLAIN ANALYZE {}", QUESTIONS[4].1)).await?;
    println!("{}", explained.texts("plan")?.values().join("\n"));
    drop(history);
    let begin = Instant::now();
    History::open(&folder, Options::default()).await?;
    println!("opened in {:.2?}", begin.elapsed());
    Ok(())
}
