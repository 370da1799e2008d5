//! A shop of any size: invented names as frequent as in life, customers who order like real ones.
//!
//! Every customer takes a real customer of the demo as a model: its rhythm (gaps between orders),
//! its silence since the last order, its baskets. Where more orders are wanted than the real
//! year has, history grows longer at the same pace. One-time buyers stay one-time buyers.

mod customers;
mod model;
mod timeline;

use std::io::Write;
use std::ops::Range;

use chrono::NaiveDateTime;

use crate::folder::{DemoError, DemoFolder};
use crate::people::NameList;
use model::Model;

/// How much of a basket each order shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Baskets {
    /// One line with the order's amount: for millions of orders.
    OneLine,
    /// All lines of the real basket (21 on average).
    Whole,
}

/// What the large shop is like.
#[derive(Debug, Clone, Copy)]
pub struct LargeOptions {
    /// Number of customers who have bought.
    pub customers: u64,
    /// Orders of a customer on average (the real shop has 4.3 in its year).
    pub orders_per_customer: f64,
    /// Lines of an order.
    pub baskets: Baskets,
    /// Another seed gives another shop.
    pub seed: u64,
}

impl LargeOptions {
    /// 20 orders a customer on average, one line each.
    pub fn new(customers: u64, seed: u64) -> Self {
        Self { customers, orders_per_customer: 20.0, baskets: Baskets::OneLine, seed }
    }
}

/// A shop of any size, made while it is read: nothing is kept but the model.
pub struct LargeShop {
    options: LargeOptions,
    model: Model,
    names: NameList,
}

/// One order line of the large shop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LargeLine<'a> {
    /// Customer, from 0.
    pub customer: u64,
    /// Order of this customer, from 0; with the customer it makes the order number.
    pub order: u32,
    /// Local time in the demo's calendar.
    pub ordered_at: NaiveDateTime,
    /// Stock code.
    pub sku: &'a str,
    /// Product name, as in the demo.
    pub product: &'a str,
    /// Pieces.
    pub quantity: u32,
    /// Price of a piece in pence.
    pub price_pence: u32,
}

impl LargeShop {
    pub(crate) fn open(folder: &DemoFolder, options: LargeOptions) -> Result<Self, DemoError> {
        Ok(Self { options, model: Model::learn(folder)?, names: NameList::open(folder)? })
    }

    /// What the shop was made with.
    pub fn options(&self) -> LargeOptions {
        self.options
    }

    /// The same model as another shop, without reading the orders again.
    pub fn with_options(self, options: LargeOptions) -> Self {
        Self { options, ..self }
    }

    /// All lines, customer by customer, each in the order of time.
    pub fn lines(&self) -> LargeLines<'_> {
        self.lines_of(0..self.options.customers)
    }

    /// The lines of some customers, so that several workers can share the shop.
    pub fn lines_of(&self, customers: Range<u64>) -> LargeLines<'_> {
        LargeLines::new(self, customers)
    }

    /// Writes the lines of some customers with the columns of the demo's order file; returns
    /// their number. The header comes with the first customer only, so parts can be joined.
    pub fn write_orders_csv(&self, writer: impl Write, customers: Range<u64>) -> Result<u64, DemoError> {
        timeline::write_orders(self, writer, customers)
    }

    /// Writes some customers with the columns of the demo's customer file; returns their number.
    /// The header comes with the first customer only.
    pub fn write_customers_csv(&self, writer: impl Write, customers: Range<u64>) -> Result<u64, DemoError> {
        customers::write_customers(self, writer, customers)
    }
}

/// The lines of a large shop, made one order at a time.
pub struct LargeLines<'a> {
    shop: &'a LargeShop,
    customers: Range<u64>,
    customer: u64,
    timeline: timeline::Timeline,
    basket: Option<Basket<'a>>,
}

struct Basket<'a> {
    order: u32,
    ordered_at: NaiveDateTime,
    lines: &'a [model::Line],
    one_line_pence: Option<u32>,
}

impl<'a> LargeLines<'a> {
    fn new(shop: &'a LargeShop, customers: Range<u64>) -> Self {
        let end = customers.end.min(shop.options.customers);
        Self {
            shop,
            customer: 0,
            customers: customers.start..end,
            timeline: timeline::Timeline::default(),
            basket: None,
        }
    }

    fn next_basket(&mut self) -> Option<Basket<'a>> {
        loop {
            if let Some(order) = self.timeline.next_order() {
                return Some(self.fill(order));
            }
            self.customer = self.customers.next()?;
            self.timeline.plan(self.shop, self.customer);
        }
    }

    fn fill(&self, order: timeline::PlannedOrder) -> Basket<'a> {
        let real = &self.shop.model.orders[order.model];
        let lines = &self.shop.model.lines[real.lines.clone()];
        let (lines, one_line_pence) = match self.shop.options.baskets {
            Baskets::Whole => (lines, None),
            Baskets::OneLine => (&lines[real.dearest..=real.dearest], Some(real.pence)),
        };
        Basket { order: order.ordinal, ordered_at: order.at, lines, one_line_pence }
    }
}

impl<'a> Iterator for LargeLines<'a> {
    type Item = LargeLine<'a>;

    fn next(&mut self) -> Option<LargeLine<'a>> {
        while self.basket.as_ref().is_none_or(|basket| basket.lines.is_empty()) {
            self.basket = Some(self.next_basket()?);
        }
        let basket = self.basket.as_mut()?;
        let (line, rest) = basket.lines.split_first()?;
        basket.lines = rest;
        let product = &self.shop.model.products[line.product];
        Some(LargeLine {
            customer: self.customer,
            order: basket.order,
            ordered_at: basket.ordered_at,
            sku: &product.sku,
            product: &product.name,
            quantity: if basket.one_line_pence.is_some() { 1 } else { line.quantity },
            price_pence: basket.one_line_pence.unwrap_or(line.price_pence),
        })
    }
}
