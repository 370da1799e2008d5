//! A client that sends orders and keeps its own journal of what was acknowledged, outside of the data folder.

use crate::{books::Books, chance::Chance, http::Client, shop::Shop};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread::{self, JoinHandle, sleep},
    time::{Duration, Instant, SystemTime},
};
use vocabulary::Timestamp;

/// Customers who order.
const PEOPLE: u64 = 40;
/// What each order costs, in yen.
const PRICE: i64 = 100;

/// Several clients that send without pause, each by itself.
pub struct Traffic {
    clients: Vec<JoinHandle<Sent>>,
    stop: Arc<AtomicBool>,
    /// Events that were acknowledged so far.
    pub acknowledged: Arc<AtomicU64>,
    /// While this is set, no answer counts: with the power gone, it could not have left the machine.
    pub is_cut: Arc<AtomicBool>,
}

/// What a client has seen.
#[derive(Debug, Default)]
pub struct Sent {
    /// Orders that were acknowledged, by their numbers.
    pub numbers: Vec<String>,
    /// Requests whose answer never came; each was sent again until it was acknowledged.
    pub unanswered: u64,
    /// Requests that were sent a second time although they had been acknowledged.
    pub repeated: u64,
    /// Answers other than yes, by status.
    pub refused: BTreeMap<u16, u64>,
    /// How long it took from a refusal or a lost answer to the next acknowledgement.
    pub gaps: Vec<Duration>,
}

impl Traffic {
    /// Starts so many clients. Between two requests each rests for `rest`.
    pub fn start(shop: &Shop, clients: u64, seed: u64, rest: Duration) -> Self {
        let (stop, acknowledged) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let is_cut = Arc::new(AtomicBool::new(false));
        let clients = (0..clients).map(|number| {
            let sender = Sender {
                name: format!("c{number}"),
                source: shop.source(),
                chance: Chance::new(seed * 1_000 + number),
                next: 0,
                rest,
                sent: Sent::default(),
                stop: stop.clone(),
                acknowledged: acknowledged.clone(),
                is_cut: is_cut.clone(),
            };
            thread::spawn(move || sender.run())
        });
        Self { clients: clients.collect(), stop, acknowledged, is_cut }
    }

    /// Lets each client bring its last request to an acknowledgement, and collects what they have seen.
    pub fn end(self) -> Sent {
        self.stop.store(true, Ordering::Relaxed);
        let mut all = Sent::default();
        for client in self.clients {
            let sent = client.join().unwrap();
            all.numbers.extend(sent.numbers);
            all.unanswered += sent.unanswered;
            all.repeated += sent.repeated;
            all.gaps.extend(sent.gaps);
            for (status, count) in sent.refused {
                *all.refused.entry(status).or_default() += count;
            }
        }
        all
    }
}

struct Sender {
    name: String,
    source: Client,
    chance: Chance,
    next: u64,
    rest: Duration,
    sent: Sent,
    stop: Arc<AtomicBool>,
    acknowledged: Arc<AtomicU64>,
    is_cut: Arc<AtomicBool>,
}

impl Sender {
    fn run(mut self) -> Sent {
        while !self.stop.load(Ordering::Relaxed) {
            let count = if self.chance.one_in(5) { 1 } else { self.chance.between(2, 25) };
            let numbers: Vec<String> = (0..count).map(|place| format!("{}-{}", self.name, self.next + place)).collect();
            self.next += count;
            let orders: Vec<Value> = numbers.iter().map(|number| self.order(number)).collect();
            self.deliver(&orders);
            if self.chance.one_in(20) {
                // As a client does whose answer was lost on the way.
                self.deliver(&orders);
                self.sent.repeated += 1;
            }
            self.acknowledged.fetch_add(count, Ordering::Relaxed);
            self.sent.numbers.extend(numbers);
            sleep(self.rest);
        }
        self.sent
    }

    fn order(&mut self, number: &str) -> Value {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
        // Some are old, and go by the other lane.
        let days = if self.chance.one_in(6) { 3 } else { 0 };
        let at = Timestamp::from_micros(now.as_micros() as i64).plus_days(-days);
        json!({
            "type": "track", "event": "Order Completed", "messageId": number, "timestamp": at.to_string(),
            "userId": format!("u{}", self.chance.between(0, PEOPLE)),
            "properties": { "order_id": number, "products": [{ "sku": "TEA", "price": PRICE, "quantity": 1 }] },
        })
    }

    /// Sends until it is acknowledged.
    fn deliver(&mut self, orders: &[Value]) {
        let mut failing_since = None;
        loop {
            let answer = match orders {
                [order] => self.source.send("POST", "/v1/track", order),
                orders => self.source.send("POST", "/v1/batch", &json!({ "batch": orders })),
            };
            match answer {
                Ok(_) if self.is_cut.load(Ordering::SeqCst) => self.sent.unanswered += 1,
                Ok(answer) if answer.is_yes() => {
                    assert_eq!(answer.json()["accepted"], orders.len(), "{}", answer.text());
                    self.sent.gaps.extend(failing_since.map(|since: Instant| since.elapsed()));
                    return;
                }
                Ok(answer) => *self.sent.refused.entry(answer.status).or_default() += 1,
                Err(_) => self.sent.unanswered += 1,
            }
            failing_since.get_or_insert_with(Instant::now);
            sleep(Duration::from_millis(10));
        }
    }
}

/// Compares the client's journal with the records: every order once, its person's value with it.
pub fn compare_records(books: &Books, sent: &Sent) {
    let count = sent.numbers.len() as i64;
    let found: std::collections::BTreeSet<String> =
        books.texts("SELECT number AS value FROM orders", vec![]).into_iter().collect();
    let missing: Vec<&String> = sent.numbers.iter().filter(|number| !found.contains(*number)).collect();
    assert!(
        missing.is_empty(),
        "{} acknowledged orders are not in the records: {:?}",
        missing.len(),
        &missing[..missing.len().min(9)]
    );
    assert_eq!(books.number("SELECT COUNT(*) AS value FROM orders"), count, "orders in the records");
    let orders = books.number("SELECT CAST(SUM(orders) AS BIGINT) AS value FROM customer_values");
    assert_eq!(orders, count, "orders in the values of people");
    let sales = books.number("SELECT CAST(SUM(sales) AS BIGINT) AS value FROM customer_values");
    assert_eq!(sales, count * PRICE, "sales in the values of people");
}

/// Compares the client's journal with the history: every order once, every event once. The program must have ended.
pub fn compare_history(shop: &Shop, sent: &Sent) {
    let count = sent.numbers.len() as u64;
    let one = |sql: &str| shop.home.query(sql)[0]["n"].as_u64().unwrap_or(0);
    assert_eq!(one("SELECT COUNT(*) AS n FROM orders"), count, "orders in the history");
    assert_eq!(one("SELECT COUNT(DISTINCT number) AS n FROM orders"), count, "different orders in the history");
    assert_eq!(one("SELECT COUNT(*) AS n FROM order_lines"), count, "lines in the history");
    assert_eq!(one("SELECT SUM(reporting_minor) AS n FROM orders"), count * PRICE as u64, "sales in the history");
}
