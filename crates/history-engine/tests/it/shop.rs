//! A small shop with two journals, and what the history must say of it at any position.

use history::{
    Append, EventRow, HistoryReader, Lane, LineKind, OrderKind, OrderLineRow, OrderRow, Positions, Query,
    month_of_local_day,
};
use history_engine::{FaultPoint, History, Options};
use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

pub const NOW: i64 = 1_790_000_000_000_000;
const FIRST_DAY: i32 = 20_500;

/// One entry of a journal: an order with two lines and an event, or only an event.
#[derive(Debug, Clone)]
pub struct Entry {
    pub order: Option<OrderRow>,
    pub lines: Vec<OrderLineRow>,
    pub event: EventRow,
    pub superseded: Option<(String, i64)>,
}

/// Both journals, endless and always the same. Every third entry is only an event. Of every
/// fifteen, one order changes twice, and a version that is older than the newest comes late.
pub fn entry(lane: Lane, position: u64) -> Entry {
    let place = i64::try_from(position).unwrap() + if lane == Lane::Backfill { 1_000_000 } else { 0 };
    let event = event(lane, place, FIRST_DAY + i32::try_from(place * 7 % 200).unwrap());
    if position % 3 == 2 {
        return Entry { order: None, lines: Vec::new(), event, superseded: None };
    }
    let (back, version, superseded) = match position % 15 {
        _ if position < 15 => (0, 10, None),
        0 => (14, 20, Some(10)),
        3 => (17, 30, Some(20)),
        6 => (20, 15, Some(15)),
        _ => (0, 10, None),
    };
    let number = place - back;
    let order_id = format!("{}-{number:08}", lane.as_str());
    let day = FIRST_DAY + i32::try_from(number * 7 % 200).unwrap();
    let order = order(&order_id, number, version, day, place);
    let lines = (0..2).map(|ordinal| line(&order, ordinal)).collect();
    let superseded = superseded.map(|version| (order_id, version));
    Entry { order: Some(order), lines, event, superseded }
}

fn order(order_id: &str, number: i64, version: i64, day: i32, place: i64) -> OrderRow {
    let amount = 1_000 + place % 997;
    OrderRow {
        order_id: order_id.to_owned(),
        site: "honten".to_owned(),
        number: number.to_string(),
        version,
        customer: (number % 7 != 0).then_some(number % 50),
        customer_id: None,
        kind: if number % 11 == 0 { OrderKind::Refund } else { OrderKind::Order },
        ordered_at: i64::from(day) * 86_400_000_000 + number,
        local_day: day,
        amount_minor: amount,
        currency: "JPY".to_owned(),
        reporting_minor: amount,
        products_minor: amount - 100,
        fees_minor: 100,
        quantity: 2,
        is_simulated: false,
    }
}

fn line(order: &OrderRow, ordinal: i32) -> OrderLineRow {
    let amount = if ordinal == 0 { order.products_minor } else { order.fees_minor };
    OrderLineRow {
        order_id: order.order_id.clone(),
        site: order.site.clone(),
        number: order.number.clone(),
        version: order.version,
        ordinal,
        customer: order.customer,
        kind: order.kind,
        ordered_at: order.ordered_at,
        local_day: order.local_day,
        sku: format!("SKU-{}", order.amount_minor % 20),
        name: (ordinal == 0).then(|| "白い皿".to_owned()),
        line_kind: if ordinal == 0 { LineKind::Product } else { LineKind::Fee },
        quantity: 1,
        unit_price_micros: amount * 1_000_000,
        amount_minor: amount,
        reporting_minor: amount,
        is_simulated: false,
    }
}

fn event(lane: Lane, place: i64, day: i32) -> EventRow {
    EventRow {
        event_id: format!("{}-event-{place:08}", lane.as_str()),
        source: "shop".to_owned(),
        kind: "track".to_owned(),
        name: "Order Completed".to_owned(),
        customer: Some(place % 50),
        occurred_at: i64::from(day) * 86_400_000_000,
        received_at: NOW,
        local_day: day,
        amount_minor: Some(place % 997),
        currency: Some("JPY".to_owned()),
        properties_json: Some(format!(r#"{{"place":{place}}}"#)),
        ..EventRow::default()
    }
}

/// Hands a stretch of a journal over, as the pipeline does.
pub async fn follow(history: &History, lane: Lane, from: u64, until: u64) {
    let mut append = Append::new(lane, from, until);
    for position in from..until {
        let entry = entry(lane, position);
        if let Some(order) = entry.order {
            append.order(position, order);
        }
        for line in entry.lines {
            append.order_line(position, line);
        }
        append.event(position, entry.event);
        if let Some((order_id, version)) = entry.superseded {
            append.supersede(position, order_id, version);
        }
    }
    history.append(append).await.unwrap();
}

/// Reads both journals again from where the tables reach, in stretches of another length.
pub async fn replay(history: &History, until: Positions, stretch: u64) {
    for lane in Lane::ALL {
        let mut from = history.committed_positions().of(lane);
        while from < until.of(lane) {
            let next = (from + stretch).min(until.of(lane));
            follow(history, lane, from, next).await;
            from = next;
        }
    }
}

pub fn at(live: u64, backfill: u64) -> Positions {
    Positions { live, backfill }
}

/// Counts and sums that show a missing or a doubled row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sums {
    pub orders: (i64, i64, i64),
    pub lines: (i64, i64, i64),
    pub events: (i64, i64, i64),
    pub by_month: Vec<(String, i64)>,
}

/// What the history must say at these positions.
pub fn expected(positions: Positions) -> Sums {
    let mut orders: HashMap<(String, i64), (OrderRow, Vec<OrderLineRow>)> = HashMap::new();
    let mut gone = Vec::new();
    let (mut events, mut event_sum) = (0, 0);
    for lane in Lane::ALL {
        for position in 0..positions.of(lane) {
            let entry = entry(lane, position);
            events += 1;
            event_sum += entry.event.amount_minor.unwrap();
            gone.extend(entry.superseded);
            if let Some(order) = entry.order {
                orders.insert((order.order_id.clone(), order.version), (order, entry.lines));
            }
        }
    }
    for key in gone {
        orders.remove(&key);
    }
    let mut by_month: HashMap<String, i64> = HashMap::new();
    for (order, _) in orders.values() {
        *by_month.entry(month_of_local_day(order.local_day)).or_default() += order.reporting_minor;
    }
    let mut by_month: Vec<_> = by_month.into_iter().collect();
    by_month.sort();
    let count = i64::try_from(orders.len()).unwrap();
    let sum: i64 = orders.values().map(|(order, _)| order.reporting_minor).sum();
    let line_count = i64::try_from(orders.values().map(|(_, lines)| lines.len()).sum::<usize>()).unwrap();
    let line_sum: i64 = orders.values().flat_map(|(_, lines)| lines).map(|line| line.reporting_minor).sum();
    Sums {
        orders: (count, count, sum),
        lines: (line_count, line_count, line_sum),
        events: (events, events, event_sum),
        by_month,
    }
}

/// What the history says.
pub async fn sums(history: &History) -> Sums {
    let triple = async |table: &str, key: &str, amount: &str| {
        let sql = format!("SELECT count(*) AS n, count(DISTINCT {key}) AS d, sum({amount}) AS s FROM {table}");
        let rows = history.query(&Query::new(sql)).await.unwrap();
        (rows.single_i64("n").unwrap(), rows.single_i64("d").unwrap(), rows.single_i64("s").unwrap())
    };
    let months = Query::new("SELECT month, sum(reporting_minor) AS s FROM orders GROUP BY month ORDER BY month");
    let rows = history.query(&months).await.unwrap();
    let names = rows.texts("month").unwrap().values().to_vec();
    let by_month = names.into_iter().zip(rows.i64s("s").unwrap().values().iter().copied()).collect();
    Sums {
        orders: triple("orders", "order_id || ':' || version", "reporting_minor").await,
        lines: triple("order_lines", "order_id || ':' || version || ':' || ordinal", "reporting_minor").await,
        events: triple("events", "event_id", "amount_minor").await,
        by_month,
    }
}

/// Asserts that the history says what it must at its own position.
pub async fn assert_true(history: &History) -> Positions {
    let position = history.position();
    assert_eq!(sums(history).await, expected(position), "at {position:?}");
    position
}

pub fn options() -> Options {
    Options { cores: 2, memory_bytes_max: 256 << 20, compact_superseded_min: 1, ..Options::default() }
}

/// Options that stop the work when a fault point is passed for the n-th time.
pub fn stopping_at(point: FaultPoint, nth: usize) -> Options {
    let seen = Arc::new(Mutex::new(0));
    let hook = move |passed: FaultPoint| {
        let mut seen = seen.lock().unwrap();
        *seen += usize::from(passed == point);
        passed == point && *seen == nth
    };
    Options { fault_hook: Some(Arc::new(hook)), ..options() }
}

pub async fn open(folder: &Path) -> History {
    History::open(folder, options()).await.unwrap()
}

/// Files with this ending below a folder, but none of the log's.
pub fn data_files(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
    entries
        .map(|entry| {
            let path = entry.path();
            let is_log = path.ends_with("_delta_log");
            if path.is_dir() && !is_log {
                data_files(&path)
            } else {
                usize::from(path.extension().is_some_and(|e| e == "parquet"))
            }
        })
        .sum()
}
