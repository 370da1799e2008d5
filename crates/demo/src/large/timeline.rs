//! When a customer of the large shop orders, and how its orders are written down.

use std::io::Write;
use std::ops::Range;

use chrono::{Datelike, Days, NaiveDateTime, NaiveTime, Timelike, Weekday};

use super::model::{Customer, Model};
use super::{LargeLine, LargeShop};
use crate::calendar::DEMO_TODAY;
use crate::dice::Dice;
use crate::files::ORDER_COLUMNS;
use crate::folder::DemoError;

/// An order that is going to be made from a real one.
pub(super) struct PlannedOrder {
    pub(super) ordinal: u32,
    pub(super) at: NaiveDateTime,
    /// The real order that fills the basket.
    pub(super) model: usize,
}

/// The orders of one customer; its buffers are used again for the next customer.
#[derive(Default)]
pub(super) struct Timeline {
    days_ago: Vec<f64>,
    gaps: Vec<f64>,
    next: usize,
    real: Range<usize>,
    dice: Option<Dice>,
    times: Vec<u32>,
}

impl Timeline {
    /// Plans the orders of this customer after the pattern of a real one.
    pub(super) fn plan(&mut self, shop: &LargeShop, customer: u64) {
        let mut dice = Dice::new("large-orders", shop.options.seed ^ customer.rotate_left(20));
        let model = &shop.model;
        let real = dice.pick(&model.customers);
        let wanted = shop.options.orders_per_customer;
        let orders = order_count(model, real, wanted, &mut dice);
        let history = model.days * (wanted / model.orders_per_customer).max(1.0);
        self.spread(model, real, orders, history, &mut dice);
        self.times.clear();
        self.times.extend(model.orders[real.orders.clone()].iter().map(|order| order.second_of_day));
        self.real = real.orders.clone();
        self.next = 0;
        self.dice = Some(dice);
    }

    pub(super) fn next_order(&mut self) -> Option<PlannedOrder> {
        let days_ago = *self.days_ago.get(self.next)?;
        let dice = self.dice.as_mut()?;
        let ordinal = self.next;
        self.next += 1;
        let real = dice.index(self.real.len());
        Some(PlannedOrder {
            ordinal: ordinal as u32,
            at: local_time(days_ago, self.times[real]),
            model: self.real.start + real,
        })
    }

    /// First order, last order, and the real gaps in between, stretched to fit.
    fn spread(&mut self, model: &Model, real: &Customer, orders: usize, history: f64, dice: &mut Dice) {
        let days_ago = |position: usize| f64::from(model.orders[position].days_ago);
        let first_share = days_ago(real.orders.start) / model.days.max(1.0);
        let first = ((first_share * history) + dice.share() * history / model.days).min(history);
        self.days_ago.clear();
        if orders == 1 {
            self.days_ago.push(first);
            return;
        }
        let last = (days_ago(real.orders.end - 1) + dice.share()).min(first * 0.9);
        self.gaps.clear();
        for _ in 1..orders {
            let later = real.orders.start + 1 + dice.index(real.orders.len() - 1);
            self.gaps.push(days_ago(later - 1) - days_ago(later) + 0.2 + dice.share());
        }
        let stretch = (first - last) / self.gaps.iter().sum::<f64>();
        let mut at = first;
        self.days_ago.push(at);
        for gap in &self.gaps {
            at -= gap * stretch;
            self.days_ago.push(at);
        }
    }
}

/// One-time buyers stay so; the others order more, so that the average becomes the wanted one.
fn order_count(model: &Model, real: &Customer, wanted: f64, dice: &mut Dice) -> usize {
    let more = (real.orders.len() - 1) as f64 * (wanted - 1.0).max(0.0) / (model.orders_per_customer - 1.0);
    1 + (more + dice.share()) as usize
}

/// The shop is closed on Saturdays, as the real one is: such orders move to the Sunday.
fn local_time(days_ago: f64, second_of_day: u32) -> NaiveDateTime {
    let days = Days::new(days_ago.max(0.0) as u64);
    let mut day = DEMO_TODAY.checked_sub_days(days).unwrap_or(DEMO_TODAY);
    if day.weekday() == Weekday::Sat && day < DEMO_TODAY {
        day = day.succ_opt().unwrap_or(day);
    }
    let time = NaiveTime::from_num_seconds_from_midnight_opt(second_of_day, 0).unwrap_or_default();
    day.and_time(time)
}

/// Writes order lines as CSV. A benchmark reads from here, so numbers are put down digit by digit
/// into buffers that are used again.
pub(super) fn write_orders(shop: &LargeShop, writer: impl Write, customers: Range<u64>) -> Result<u64, DemoError> {
    let mut table = csv::Writer::from_writer(writer);
    if customers.start == 0 {
        table.write_record(ORDER_COLUMNS)?;
    }
    let mut cells = Cells::default();
    let mut written = 0;
    for line in shop.lines_of(customers) {
        cells.fill(&line);
        table.write_record([
            &cells.order[..],
            &cells.time,
            &cells.customer,
            line.sku.as_bytes(),
            line.product.as_bytes(),
            &cells.quantity,
            &cells.price,
            b"GBP",
        ])?;
        written += 1;
    }
    table.flush()?;
    Ok(written)
}

/// The cells of a row that are numbers.
#[derive(Default)]
struct Cells {
    order: Vec<u8>,
    time: Vec<u8>,
    customer: Vec<u8>,
    quantity: Vec<u8>,
    price: Vec<u8>,
}

impl Cells {
    fn fill(&mut self, line: &LargeLine<'_>) {
        for cell in [&mut self.order, &mut self.time, &mut self.customer, &mut self.quantity, &mut self.price] {
            cell.clear();
        }
        push_number(&mut self.customer, line.customer + 1, 1);
        push_number(&mut self.order, line.customer + 1, 1);
        self.order.push(b'-');
        push_number(&mut self.order, u64::from(line.order) + 1, 1);
        push_number(&mut self.quantity, u64::from(line.quantity), 1);
        push_number(&mut self.price, u64::from(line.price_pence / 100), 1);
        self.price.push(b'.');
        push_number(&mut self.price, u64::from(line.price_pence % 100), 2);
        push_time(&mut self.time, line.ordered_at);
    }
}

/// `2026-02-18 11:58:00`
fn push_time(cell: &mut Vec<u8>, at: NaiveDateTime) {
    push_number(cell, u64::from(at.year().unsigned_abs()), 4);
    for (mark, part) in
        [(b'-', at.month()), (b'-', at.day()), (b' ', at.hour()), (b':', at.minute()), (b':', at.second())]
    {
        cell.push(mark);
        push_number(cell, u64::from(part), 2);
    }
}

/// A whole number with at least `width` digits.
fn push_number(cell: &mut Vec<u8>, mut number: u64, width: usize) {
    let start = cell.len();
    while number > 0 || cell.len() - start < width {
        cell.push(b'0' + (number % 10) as u8);
        number /= 10;
    }
    cell[start..].reverse();
}
