//! The large shop: as many customers as wanted, who order like the real ones.

use std::collections::HashMap;

use demo::{Baskets, DEMO_TODAY, LargeOptions};

use crate::shop;

#[test]
fn sato_is_the_most_frequent_name() {
    let large = shop().large(LargeOptions::new(20_000, 1)).unwrap();
    let mut families: HashMap<String, u32> = HashMap::new();
    for customer in 0..20_000 {
        *families.entry(large.person(customer).family).or_default() += 1;
    }
    let most_frequent = families.iter().max_by_key(|(_, count)| **count).unwrap();
    assert_eq!(most_frequent.0, "佐藤");
    assert!(families["佐藤"] > 2 * families["山口"]);
    assert!(families.len() > 800);
}

#[test]
fn customers_order_as_often_as_asked_in_the_order_of_time() {
    let mut large = shop().large(LargeOptions::new(1, 1)).unwrap();
    for wanted in [4.3, 20.0] {
        let options = LargeOptions { orders_per_customer: wanted, ..LargeOptions::new(8_000, 7) };
        large = large.with_options(options);
        let mut previous: Option<(u64, u32, chrono::NaiveDateTime)> = None;
        let (mut orders, mut customers) = (0, 0);
        for line in large.lines() {
            assert!(line.ordered_at.date() <= DEMO_TODAY && line.price_pence > 0 && line.quantity > 0);
            match previous {
                Some((customer, order, at)) if customer == line.customer => {
                    assert_eq!(order + 1, line.order);
                    assert!(at.date() <= line.ordered_at.date());
                }
                _ => customers += 1,
            }
            previous = Some((line.customer, line.order, line.ordered_at));
            orders += 1;
        }
        assert_eq!(customers, 8_000);
        let average = f64::from(orders) / 8_000.0;
        assert!((average / wanted - 1.0).abs() < 0.06, "{average} instead of {wanted}");
    }
}

#[test]
fn half_of_the_customers_bought_lately_as_in_the_real_shop() {
    let large = shop().large(LargeOptions::new(10_000, 3)).unwrap();
    let mut last_day = HashMap::new();
    for line in large.lines() {
        last_day.insert(line.customer, line.ordered_at.date());
    }
    let lately = last_day.values().filter(|day| (DEMO_TODAY - **day).num_days() <= 60).count();
    assert!((4_000..6_000).contains(&lately), "{lately}");
}

#[test]
fn baskets_are_whole_or_one_line_with_the_same_amount() {
    let count_and_pence = |large: &demo::LargeShop| {
        let pence = large.lines().map(|line| u64::from(line.quantity) * u64::from(line.price_pence)).sum::<u64>();
        (large.lines().count(), pence)
    };
    let options = LargeOptions::new(300, 5);
    let large = shop().large(options).unwrap();
    let (one_line, one_line_pence) = count_and_pence(&large);
    let large = large.with_options(LargeOptions { baskets: Baskets::Whole, ..options });
    let (whole, whole_pence) = count_and_pence(&large);
    assert_eq!(whole_pence, one_line_pence);
    assert!(whole > 10 * one_line);
}

#[test]
fn a_seed_gives_the_same_shop_and_parts_make_the_whole() {
    let file = |large: &demo::LargeShop, parts: [std::ops::Range<u64>; 2]| {
        let (mut orders, mut customers) = (Vec::new(), Vec::new());
        for part in parts {
            large.write_orders_csv(&mut orders, part.clone()).unwrap();
            large.write_customers_csv(&mut customers, part).unwrap();
        }
        (orders, customers)
    };
    let large = shop().large(LargeOptions::new(200, 1)).unwrap();
    let first = file(&large, [0..100, 100..200]);
    assert_eq!(first, file(&large, [0..70, 70..200]));
    let large = large.with_options(LargeOptions::new(200, 2));
    assert_ne!(first, file(&large, [0..100, 100..200]));
}
