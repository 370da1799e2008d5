//! Shops to ask: the demo's real orders, and small ones made of a few rows.

use async_trait::async_trait;
use history::{Append, HistoryError, HistoryReader, Lane, OrderKind, OrderRow, Positions, Query, Rows};
use history_engine::{History, Options};
use insights::Figures;
use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tempfile::TempDir;
use testing::TestDatabase;
use vocabulary::{Currency, Day, Zone, clock::ManualClock, money::Decimal};

/// The demo's today.
pub const TODAY: &str = "2026-11-13";

/// In which money the orders are told.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Money {
    /// As they were, in pence.
    Pounds,
    /// At 150 yen a pound, each line for itself, as an import does it.
    Yen,
}

/// On which days.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Days {
    /// As they were, 2010 and 2011.
    Original,
    /// In the demo's year.
    Demo,
}

/// A shop whose figures are asked for.
pub struct Shop {
    pub figures: Figures,
    pub history: History,
    pub clock: Arc<ManualClock>,
    pub asked: Arc<AtomicUsize>,
    position: u64,
    _database: TestDatabase,
    _folder: TempDir,
}

/// A history that counts the questions.
struct Counting(History, Arc<AtomicUsize>);

#[async_trait]
impl HistoryReader for Counting {
    async fn query(&self, query: &Query) -> Result<Rows, HistoryError> {
        self.1.fetch_add(1, Ordering::SeqCst);
        self.0.query(query).await
    }
    fn position(&self) -> Positions {
        HistoryReader::position(&self.0)
    }
}

impl Shop {
    /// The real orders, all of them; the clock stands on `today`.
    pub async fn demo(money: Money, days: Days, today: &str) -> Self {
        let currency = if money == Money::Yen { Currency::JPY } else { Currency::GBP };
        let mut shop = Self::empty(currency, today).await;
        shop.add(demo_orders(money, days)).await;
        shop
    }

    pub async fn empty(currency: Currency, today: &str) -> Self {
        let database = TestDatabase::sqlite(&[customers::MIGRATIONS]).await;
        Self::on(database, currency, today).await
    }

    pub async fn on(database: TestDatabase, currency: Currency, today: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let history = History::open(folder.path(), Options { cores: 2, ..Options::default() }).await.unwrap();
        let (clock, asked) = (database.clock.clone(), Arc::new(AtomicUsize::new(0)));
        let reader: Arc<dyn HistoryReader> = Arc::new(Counting(history.clone(), asked.clone()));
        let records = database.records.clone();
        let figures = Figures::new(records, reader, clock.clone(), Zone::TOKYO, currency, Duration::ZERO);
        let shop = Self { figures, history, clock, asked, position: 0, _database: database, _folder: folder };
        shop.turn_to(today);
        shop
    }

    /// Sets the clock to noon of a day.
    pub fn turn_to(&self, today: &str) {
        self.clock.set(Zone::TOKYO.start_of(today.parse().unwrap()).plus_seconds(12 * 3_600));
    }

    pub async fn add(&mut self, orders: Vec<OrderRow>) {
        let until = self.position + orders.len() as u64;
        let mut append = Append::new(Lane::Backfill, self.position, until);
        for (position, order) in (self.position..).zip(orders) {
            append.order(position, order);
        }
        self.history.append(append).await.unwrap();
        self.position = until;
    }

    /// How many questions the history has been asked.
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

/// An order of the shop: customer, kind, local day, amount.
pub fn order(number: &str, customer: u32, kind: OrderKind, day: &str, amount: i64) -> OrderRow {
    let day: Day = day.parse().unwrap();
    OrderRow {
        order_id: number.to_owned(),
        site: "shop".to_owned(),
        number: number.to_owned(),
        version: 1,
        customer: Some(customer.into()),
        customer_id: None,
        kind,
        ordered_at: Zone::TOKYO.start_of(day).plus_seconds(10 * 3_600).micros(),
        local_day: day.0,
        amount_minor: amount,
        currency: "JPY".to_owned(),
        reporting_minor: amount,
        products_minor: amount,
        fees_minor: 0,
        quantity: 1,
        is_simulated: false,
    }
}

/// What a number's lines come to.
struct Invoice {
    row: OrderRow,
    has_price: bool,
}

/// The orders of the repository's own copy. A customer's dense number is the number of the original.
fn demo_orders(money: Money, days: Days) -> Vec<OrderRow> {
    let folder = demo::DemoFolder::open(concat!(env!("CARGO_MANIFEST_DIR"), "/../../demo")).unwrap();
    let mut invoices: HashMap<String, Invoice> = HashMap::new();
    for line in folder.orders().unwrap() {
        let line = line.unwrap();
        let at = if days == Days::Demo { line.shifted_at() } else { line.ordered_at };
        let invoice = invoices.entry(line.invoice.clone()).or_insert_with(|| begun(&line, at));
        let price: Decimal = line.unit_price.parse().unwrap();
        let pence = price.times(line.quantity, Currency::GBP).unwrap();
        let rate = Decimal::whole(demo::JPY_PER_GBP.into());
        invoice.row.amount_minor += pence;
        invoice.row.reporting_minor += match money {
            Money::Pounds => pence,
            Money::Yen => rate.convert(pence, Currency::GBP, Currency::JPY).unwrap(),
        };
        invoice.row.customer = invoice.row.customer.or(line.customer.map(i64::from));
        invoice.has_price |= !price.is_zero();
    }
    invoices.into_values().map(settled).collect()
}

fn begun(line: &demo::OrderLine, at: chrono::NaiveDateTime) -> Invoice {
    let kind = match line.invoice.as_bytes()[0] {
        b'C' => OrderKind::Refund,
        b'A' => OrderKind::Adjustment,
        _ => OrderKind::Order,
    };
    let day = Day::from_date(at.date());
    let mut row = order(&line.invoice, 0, kind, &day.to_string(), 0);
    row.customer = None;
    row.ordered_at = Zone::TOKYO.local(at).micros();
    Invoice { row, has_price: false }
}

/// What costs nothing is no order.
fn settled(invoice: Invoice) -> OrderRow {
    let is_free = invoice.row.kind == OrderKind::Order && !invoice.has_price;
    OrderRow { kind: if is_free { OrderKind::Free } else { invoice.row.kind }, ..invoice.row }
}
