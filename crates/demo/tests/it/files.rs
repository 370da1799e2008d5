//! The files that the demo hands to the ordinary import.

use chrono::{Days, NaiveDate};
use demo::{CUSTOMER_COLUMNS, DEMO_TODAY, FIRST_DAY, LAST_DAY, ORDER_COLUMNS};

use crate::shop;

fn next(day: NaiveDate) -> NaiveDate {
    day.checked_add_days(Days::new(1)).unwrap()
}

#[test]
fn orders_up_to_today_and_held_back_orders_make_all_orders() {
    let shop = shop();
    let mut file = Vec::new();
    let known = shop.write_orders_csv(&mut file, FIRST_DAY, DEMO_TODAY).unwrap();
    let held_back = shop.write_orders_csv(std::io::sink(), next(DEMO_TODAY), LAST_DAY).unwrap();
    assert_eq!(known + held_back, 541_909);
    assert!(held_back > 30_000, "{held_back}");

    let mut table = csv::Reader::from_reader(file.as_slice());
    assert_eq!(table.headers().unwrap(), ORDER_COLUMNS.as_slice());
    let first = table.records().next().unwrap().unwrap();
    assert_eq!(
        first.iter().collect::<Vec<_>>(),
        ["536365", "2025-12-03 08:26:00", "17850", "85123A", "白いハートの吊りキャンドルホルダー", "6", "2.55", "GBP",]
    );
}

#[test]
fn customers_are_known_from_their_first_order_on() {
    let shop = shop();
    let long_ago = DEMO_TODAY.checked_sub_days(Days::new(1_000)).unwrap();
    let mut file = Vec::new();
    let known = shop.write_customers_csv(&mut file, long_ago, DEMO_TODAY).unwrap();
    let later = shop.write_customers_csv(std::io::sink(), next(DEMO_TODAY), LAST_DAY).unwrap();
    assert_eq!(known + later, 21_971);
    assert!((150..400).contains(&later), "{later}");

    let mut table = csv::Reader::from_reader(file.as_slice());
    assert_eq!(table.headers().unwrap(), CUSTOMER_COLUMNS.as_slice());
    let regular = table.records().map(Result::unwrap).find(|row| &row[0] == "16928").unwrap();
    assert_eq!(&regular[3], "モリシタ");
    assert_eq!(&regular[11], "c.morishita@example.com");
    assert_eq!([&regular[16], &regular[17], &regular[18]], ["あり", &regular[15], "注文画面で"]);
    assert_eq!(&regular[19], "なし");
    assert_eq!(&regular[22], "");
}
