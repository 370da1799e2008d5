//! What the large shop learns from the real orders: who orders when, and what lies in the basket.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use chrono::Timelike;

use crate::calendar::LAST_DAY;
use crate::folder::{DemoError, DemoFolder};
use crate::orders::{OrderLine, thousandths};
use crate::products::Products;

/// The real orders in a compact form.
pub(super) struct Model {
    pub(super) customers: Vec<Customer>,
    pub(super) orders: Vec<Order>,
    pub(super) lines: Vec<Line>,
    pub(super) products: Vec<NamedProduct>,
    /// Days of the real history.
    pub(super) days: f64,
    /// Orders of a real customer on average.
    pub(super) orders_per_customer: f64,
}

/// A real customer: its orders in the order of time.
pub(super) struct Customer {
    pub(super) orders: Range<usize>,
}

/// A real order.
pub(super) struct Order {
    /// Days before the last day of the history.
    pub(super) days_ago: u16,
    pub(super) second_of_day: u32,
    pub(super) lines: Range<usize>,
    /// Position of the line with the largest amount within `lines`.
    pub(super) dearest: usize,
    pub(super) pence: u32,
}

/// A line of a real basket.
pub(super) struct Line {
    pub(super) product: usize,
    pub(super) quantity: u32,
    pub(super) price_pence: u32,
}

pub(super) struct NamedProduct {
    pub(super) sku: String,
    pub(super) name: String,
}

/// Real lines by customer, day and second, invoice.
type Invoices = BTreeMap<(u32, u16, u32, String), Vec<Line>>;

impl Model {
    pub(super) fn learn(folder: &DemoFolder) -> Result<Self, DemoError> {
        let mut shelf = Shelf { names: folder.products()?, ..Shelf::default() };
        let mut invoices: Invoices = BTreeMap::new();
        let mut first_seen: HashMap<String, (u16, u32)> = HashMap::new();
        for line in folder.orders()? {
            let line = line?;
            let Some((customer, product_line)) = shelf.sale(&line)? else {
                continue;
            };
            let at = line.shifted_at();
            let days_ago = u16::try_from((LAST_DAY - at.date()).num_days()).unwrap_or(0);
            let second = at.time().num_seconds_from_midnight();
            // A few invoices run over a minute; all their lines count at the first.
            let (days_ago, second) = *first_seen.entry(line.invoice.clone()).or_insert((days_ago, second));
            let key = (customer, u16::MAX - days_ago, second, line.invoice);
            invoices.entry(key).or_default().push(product_line);
        }
        Self::arrange(invoices, shelf)
    }

    fn arrange(invoices: Invoices, shelf: Shelf) -> Result<Self, DemoError> {
        let mut model = Self {
            customers: Vec::new(),
            orders: Vec::with_capacity(invoices.len()),
            lines: Vec::new(),
            products: shelf.products,
            days: 0.0,
            orders_per_customer: 0.0,
        };
        let mut previous = None;
        for ((customer, day, second_of_day, _), lines) in invoices {
            if previous.replace(customer) != Some(customer) {
                let start = model.orders.len();
                model.customers.push(Customer { orders: start..start });
            }
            model.push_order(u16::MAX - day, second_of_day, lines);
            if let Some(customer) = model.customers.last_mut() {
                customer.orders.end = model.orders.len();
            }
        }
        if model.customers.is_empty() {
            return Err(DemoError::cell("order file with customers", "orders.csv.zst"));
        }
        model.days = f64::from(model.orders.iter().map(|order| order.days_ago).max().unwrap_or(0));
        model.orders_per_customer = model.orders.len() as f64 / model.customers.len() as f64;
        Ok(model)
    }

    fn push_order(&mut self, days_ago: u16, second_of_day: u32, lines: Vec<Line>) {
        let amount = |line: &Line| u64::from(line.quantity) * u64::from(line.price_pence);
        let pence = lines.iter().map(amount).sum::<u64>();
        let dearest = lines.iter().enumerate().max_by_key(|(_, line)| amount(line)).map_or(0, |(position, _)| position);
        let start = self.lines.len();
        self.lines.extend(lines);
        self.orders.push(Order {
            days_ago,
            second_of_day,
            lines: start..self.lines.len(),
            dearest,
            pence: u32::try_from(pence).unwrap_or(u32::MAX),
        });
    }
}

/// The products met so far.
#[derive(Default)]
struct Shelf {
    names: Products,
    positions: HashMap<String, usize>,
    products: Vec<NamedProduct>,
}

impl Shelf {
    /// The customer and the basket line, when this is a sale to a known customer.
    fn sale(&mut self, line: &OrderLine) -> Result<Option<(u32, Line)>, DemoError> {
        let pence = (thousandths(&line.unit_price)? + 5) / 10;
        let (Some(customer), Ok(quantity), Ok(price_pence)) =
            (line.customer, u32::try_from(line.quantity), u32::try_from(pence))
        else {
            return Ok(None);
        };
        if quantity == 0 || price_pence == 0 {
            return Ok(None);
        }
        let product = self.position(&line.sku);
        Ok(Some((customer, Line { product, quantity, price_pence })))
    }

    fn position(&mut self, sku: &str) -> usize {
        if let Some(position) = self.positions.get(sku) {
            return *position;
        }
        let position = self.products.len();
        self.products.push(NamedProduct { sku: sku.to_owned(), name: self.names.name(sku).to_owned() });
        self.positions.insert(sku.to_owned(), position);
        position
    }
}
