//! What the bench measures with: the large shop as files for the import, or as a ready history.
//!
//! `large_shop DEMO customers CUSTOMERS ORDERS_EACH OUT`, `large_shop DEMO orders CUSTOMERS ORDERS_EACH one|whole OUT`,
//! `large_shop DEMO history CUSTOMERS ORDERS_EACH FOLDER LIVE BACKFILL`. The last one writes what an import of as many
//! orders would have left in the history, up to these positions of the journals; numbers of customers are their places.
#![allow(clippy::print_stdout, reason = "a program for the bench")]

use anyhow::Context;
use customers::orders::order_id;
use demo::{Baskets, DemoFolder, JPY_PER_GBP, LargeLine, LargeOptions, LargeShop};
use history::{Append, Lane, LineKind, OrderKind, OrderLineRow, OrderRow};
use history_engine::{History, Options};
use std::{fs::File, io::BufWriter, path::Path, time::Instant};
use vocabulary::{Day, Zone};

const SEED: u64 = 1;
const SITE: &str = "large";
const ZONE: Zone = Zone::TOKYO;
/// One import brings them all, so they share the version: 2026-11-14 00:00 UTC.
const IMPORTED_AT: i64 = 1_794_614_400_000_000;
/// Customers whose orders are taken in together.
const GROUP: u64 = 1_000;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let begin = Instant::now();
    let rows = match words[..] {
        [demo, "customers", customers, each, out] => {
            let shop = open(demo, customers, each, Baskets::OneLine)?;
            shop.write_customers_csv(BufWriter::new(File::create(out)?), 0..shop.options().customers)?
        }
        [demo, "orders", customers, each, baskets, out] => {
            let baskets = if baskets == "whole" { Baskets::Whole } else { Baskets::OneLine };
            let shop = open(demo, customers, each, baskets)?;
            shop.write_orders_csv(BufWriter::new(File::create(out)?), 0..shop.options().customers)?
        }
        [demo, "history", customers, each, folder, live, backfill] => {
            let shop = open(demo, customers, each, Baskets::OneLine)?;
            let work = write_history(&shop, Path::new(folder), live.parse()?, backfill.parse()?);
            tokio::runtime::Runtime::new()?.block_on(work)?
        }
        _ => anyhow::bail!("say the demo's folder, then `customers`, `orders` or `history` and what belongs to it"),
    };
    println!("{{\"rows\":{rows},\"seconds\":{:.3}}}", begin.elapsed().as_secs_f64());
    Ok(())
}

fn open(demo: &str, customers: &str, each: &str, baskets: Baskets) -> anyhow::Result<LargeShop> {
    let options =
        LargeOptions { customers: customers.parse()?, orders_per_customer: each.parse()?, baskets, seed: SEED };
    Ok(DemoFolder::open(demo)?.large(options)?)
}

async fn write_history(shop: &LargeShop, folder: &Path, live: u64, backfill: u64) -> anyhow::Result<u64> {
    let groups = shop.options().customers.div_ceil(GROUP);
    anyhow::ensure!(groups <= backfill, "the journal must hold at least one entry for every {GROUP} customers");
    // Large flushes, and nothing kept of the small files: what a shop has after some days.
    let options =
        Options { flush_rows: 2_000_000, tail_rows_max: 4_000_000, retention_seconds: 0, ..Options::default() };
    let history = History::open(folder, options).await?;
    history.append(Append::new(Lane::Live, 0, live)).await?;
    let mut orders = 0;
    for group in 0..groups {
        let place = |group: u64| backfill * group / groups;
        let mut append = Append::new(Lane::Backfill, place(group), place(group + 1));
        for line in shop.lines_of(group * GROUP..(group + 1) * GROUP) {
            let position = append.from;
            let (order, line) = rows(&line).context("an order of the large shop cannot be written down")?;
            append.order_line(position, line);
            append.order(position, order);
            orders += 1;
        }
        history.append(append).await?;
        history.flush_if_due(0).await?;
    }
    history.flush(0).await?;
    history.compact(0).await?;
    history.vacuum().await?;
    Ok(orders)
}

/// A basket of one line as the pipeline writes it.
fn rows(line: &LargeLine<'_>) -> Option<(OrderRow, OrderLineRow)> {
    let number = format!("{}-{}", line.customer + 1, line.order + 1);
    let order_id = order_id(SITE, &number).to_string();
    let customer = i64::try_from(line.customer).ok();
    let ordered_at = line.ordered_at.and_utc().timestamp_micros() - 9 * 3_600_000_000;
    let local_day = ZONE.day(vocabulary::Timestamp::from_micros(ordered_at));
    debug_assert_eq!(local_day, Day::from_date(line.ordered_at.date()));
    let (quantity, pence) = (i64::from(line.quantity), i64::from(line.price_pence));
    let amount_minor = quantity * pence;
    let reporting_minor = (amount_minor * i64::from(JPY_PER_GBP) + 50) / 100;
    let line = OrderLineRow {
        order_id: order_id.clone(),
        site: SITE.to_owned(),
        number: number.clone(),
        version: IMPORTED_AT,
        ordinal: 0,
        customer,
        kind: OrderKind::Order,
        ordered_at,
        local_day: local_day.0,
        sku: line.sku.to_owned(),
        name: Some(line.product.to_owned()),
        line_kind: LineKind::Product,
        quantity,
        unit_price_micros: pence * 10_000,
        amount_minor,
        reporting_minor,
        is_simulated: false,
    };
    let order = OrderRow {
        order_id,
        site: SITE.to_owned(),
        number,
        version: IMPORTED_AT,
        customer,
        customer_id: customer.map(customer_id),
        kind: OrderKind::Order,
        ordered_at,
        local_day: local_day.0,
        amount_minor,
        currency: "GBP".to_owned(),
        reporting_minor,
        products_minor: reporting_minor,
        fees_minor: 0,
        quantity,
        is_simulated: false,
    };
    Some((order, line))
}

/// As random as a real id, and the same every time.
fn customer_id(customer: i64) -> String {
    vocabulary::id::name_based(&["customer", &customer.to_string()]).to_string()
}
