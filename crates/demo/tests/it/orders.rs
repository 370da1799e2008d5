//! The orders are complete, and their dates move by whole weeks.

use std::collections::{BTreeSet, HashMap};

use chrono::{Datelike, NaiveDateTime};
use demo::{DEMO_TODAY, FIRST_DAY, HELD_BACK_DAYS, LAST_DAY, OrderLine, shift};
use sha2::{Digest, Sha256};

use crate::shop;

/// Of the uncompressed original file, as published beside it.
const ORIGINAL_SHA256: &str = "959c8b3847939247e4007cbbd6dfcf3fdc78bc8236a08eba94565e15679914d8";

fn lines() -> Vec<OrderLine> {
    shop().orders().unwrap().map(Result::unwrap).collect()
}

#[test]
fn every_line_and_penny_of_the_original_is_there() {
    let lines = lines();
    let thousandths: i64 = lines.iter().map(|line| line.amount_thousandths().unwrap()).sum();
    let customers: BTreeSet<_> = lines.iter().filter_map(|line| line.customer).collect();
    let invoices: BTreeSet<_> = lines.iter().map(|line| &line.invoice).collect();

    assert_eq!(lines.len(), 541_909);
    assert_eq!(thousandths.div_euclid(10), 974_774_793, "9,747,747.93 pounds in pence");
    assert_eq!(customers.len(), 4_372);
    assert_eq!(invoices.len(), 25_900);
    assert_eq!(invoices.iter().filter(|invoice| invoice.starts_with('C')).count(), 3_836);
}

#[test]
fn the_original_file_can_be_made_again_byte_for_byte() {
    let mut table = csv::Writer::from_writer(Vec::new());
    table
        .write_record([
            "InvoiceNo",
            "StockCode",
            "Description",
            "Quantity",
            "InvoiceDate",
            "UnitPrice",
            "CustomerID",
            "Country",
        ])
        .unwrap();
    for line in lines() {
        table
            .write_record([
                line.invoice,
                line.sku,
                line.description,
                line.quantity.to_string(),
                line.ordered_at.format("%Y-%m-%d %H:%M:%S").to_string(),
                line.unit_price,
                line.customer.map(|customer| customer.to_string()).unwrap_or_default(),
                line.country,
            ])
            .unwrap();
    }
    let digest = Sha256::digest(table.into_inner().unwrap());
    let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(digest, ORIGINAL_SHA256);
}

#[test]
fn dates_move_by_whole_weeks_to_the_demo_year() {
    let first = "2010-12-01T08:26:00".parse::<NaiveDateTime>().unwrap();
    let last = "2011-12-09T12:50:00".parse::<NaiveDateTime>().unwrap();

    assert_eq!(shift(first).date(), FIRST_DAY);
    assert_eq!(shift(first).weekday(), first.weekday());
    assert_eq!(shift(first).time(), first.time());
    assert_eq!(shift(last).date(), LAST_DAY);
    assert_eq!((LAST_DAY - DEMO_TODAY).num_days(), HELD_BACK_DAYS as i64);
}

#[test]
fn lines_come_in_the_order_of_their_days() {
    assert!(lines().is_sorted_by_key(|line| line.ordered_at.date()));
}

#[test]
fn the_summary_of_buyers_agrees_with_the_orders() {
    let mut first_seen = HashMap::new();
    let mut bought: HashMap<u32, (BTreeSet<String>, u64, i64)> = HashMap::new();
    for line in lines() {
        let Some(customer) = line.customer else { continue };
        let seen = first_seen.entry(customer).or_insert(line.ordered_at);
        *seen = line.ordered_at.min(*seen);
        let amount = line.amount_thousandths().unwrap();
        if line.quantity > 0 && amount > 0 {
            let sums = bought.entry(customer).or_default();
            sums.0.insert(line.invoice);
            sums.1 += line.quantity as u64;
            sums.2 += amount;
        }
    }
    let buyers = shop().buyers().unwrap();
    assert_eq!(buyers.len(), 4_372);
    assert_eq!(buyers.iter().filter(|buyer| buyer.orders > 0).count(), 4_338);
    for buyer in buyers {
        assert_eq!(buyer.first_line_at, first_seen[&buyer.customer]);
        let (invoices, units, thousandths) = bought.remove(&buyer.customer).unwrap_or_default();
        assert_eq!(buyer.orders as usize, invoices.len());
        assert_eq!(buyer.units, units);
        assert!((buyer.spent_pence as i64 * 10 - thousandths).abs() <= 5);
    }
}
