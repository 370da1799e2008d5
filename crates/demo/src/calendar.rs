//! The demo's calendar: dates move by whole weeks, so weekdays and seasons stay as they were.

use chrono::{Days, NaiveDate, NaiveDateTime};

/// Weeks by which every date of the orders moves: 5,481 days, the nearest to fifteen years.
pub const SHIFT_WEEKS: u64 = 783;
/// First day with orders, after the shift.
pub const FIRST_DAY: NaiveDate = day(2025, 12, 3);
/// The day on which the demo opens.
pub const DEMO_TODAY: NaiveDate = day(2026, 11, 13);
/// Last day with orders, after the shift.
pub const LAST_DAY: NaiveDate = day(2026, 12, 11);
/// Days of orders after `DEMO_TODAY` that arrive while the demo's clock moves on.
pub const HELD_BACK_DAYS: u64 = 28;
/// The fixed, printed rate at which the original pounds are reported in yen.
pub const JPY_PER_GBP: u32 = 150;
/// Name under which the demo shop writes to its customers.
pub const SHOP_NAME: &str = "みなと雑貨店";

/// Moves a local time of the original orders into the demo's year.
pub fn shift(original: NaiveDateTime) -> NaiveDateTime {
    original.checked_add_days(Days::new(SHIFT_WEEKS * 7)).unwrap_or(original)
}

const fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    match NaiveDate::from_ymd_opt(year, month, day) {
        Some(date) => date,
        None => panic!("no such day"),
    }
}
