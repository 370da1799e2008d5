//! The order lines as the shop recorded them: nothing shifted, nothing translated, nothing lost.

use std::collections::HashMap;
use std::io::Read;

use chrono::NaiveDateTime;
use csv::StringRecord;

use crate::calendar::shift;
use crate::folder::{DemoError, DemoFolder};

/// How the file marks a description that is empty in the source.
const EMPTY_DESCRIPTION: &str = "∅";
const TIME_FORMAT: &str = "%Y-%m-%d %H:%M:%S";

/// One line of an order, with the original values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderLine {
    /// Invoice number; `C…` is a credit note, `A…` an adjustment.
    pub invoice: String,
    /// Stock code.
    pub sku: String,
    /// Description as typed on this line, spaces included.
    pub description: String,
    /// Pieces; negative for what came back.
    pub quantity: i64,
    /// Original local time, before the shift.
    pub ordered_at: NaiveDateTime,
    /// Price of one piece in pounds, as written in the source (`2.55`, `0.001`).
    pub unit_price: String,
    /// Customer number, absent on about a quarter of the lines.
    pub customer: Option<u32>,
    /// Country of the original customer (the demo's people live in Japan).
    pub country: String,
}

impl OrderLine {
    /// The line's time in the demo's year.
    pub fn shifted_at(&self) -> NaiveDateTime {
        shift(self.ordered_at)
    }

    /// Quantity times price, in thousandths of a pound.
    pub fn amount_thousandths(&self) -> Result<i64, DemoError> {
        Ok(self.quantity * thousandths(&self.unit_price)?)
    }
}

/// Order lines in the order of their days.
pub struct Orders {
    rows: csv::Reader<Box<dyn Read + Send>>,
    usual_descriptions: HashMap<String, String>,
    row: StringRecord,
    invoice: Option<Invoice>,
}

/// The cells that the lines of one invoice share.
struct Invoice {
    number: String,
    ordered_at: NaiveDateTime,
    customer: Option<u32>,
    country: String,
}

impl Orders {
    pub(crate) fn open(folder: &DemoFolder) -> Result<Self, DemoError> {
        let catalogue: Vec<(String, String)> = folder.table("catalogue.csv")?;
        Ok(Self {
            rows: folder.rows("orders.csv.zst")?,
            usual_descriptions: catalogue.into_iter().collect(),
            row: StringRecord::new(),
            invoice: None,
        })
    }

    fn read_line(&mut self) -> Result<Option<OrderLine>, DemoError> {
        if !self.rows.read_record(&mut self.row)? {
            return Ok(None);
        }
        if !self.row[0].is_empty() {
            self.invoice = Some(Invoice::parse(&self.row)?);
        }
        let Some(invoice) = &self.invoice else {
            return Err(DemoError::cell("invoice number", ""));
        };
        Ok(Some(OrderLine {
            invoice: invoice.number.clone(),
            sku: self.row[1].to_owned(),
            description: self.description()?,
            quantity: number(&self.row[3], "quantity")?,
            ordered_at: invoice.ordered_at,
            unit_price: self.row[5].to_owned(),
            customer: invoice.customer,
            country: invoice.country.clone(),
        }))
    }

    fn description(&self) -> Result<String, DemoError> {
        match &self.row[2] {
            EMPTY_DESCRIPTION => Ok(String::new()),
            "" => self
                .usual_descriptions
                .get(&self.row[1])
                .cloned()
                .ok_or_else(|| DemoError::cell("stock code of the catalogue", &self.row[1])),
            own => Ok(own.to_owned()),
        }
    }
}

impl Iterator for Orders {
    type Item = Result<OrderLine, DemoError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.read_line().transpose()
    }
}

impl Invoice {
    fn parse(row: &StringRecord) -> Result<Self, DemoError> {
        let customer = &row[6];
        Ok(Self {
            number: row[0].to_owned(),
            ordered_at: NaiveDateTime::parse_from_str(&row[4], TIME_FORMAT)
                .map_err(|_| DemoError::cell("time", &row[4]))?,
            customer: if customer.is_empty() { None } else { Some(number(customer, "customer number")?) },
            country: row[7].to_owned(),
        })
    }
}

/// Thousandths of a decimal text with at most three places: `-11062.06` is -11,062,060.
pub(crate) fn thousandths(decimal: &str) -> Result<i64, DemoError> {
    let broken = || DemoError::cell("price", decimal);
    let (sign, digits) = match decimal.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, decimal),
    };
    let (whole, places) = digits.split_once('.').unwrap_or((digits, ""));
    if places.len() > 3 {
        return Err(broken());
    }
    let whole: i64 = whole.parse().map_err(|_| broken())?;
    let places: i64 = format!("{places:0<3}").parse().map_err(|_| broken())?;
    Ok(sign * (whole * 1_000 + places))
}

fn number<T: std::str::FromStr>(text: &str, expected: &'static str) -> Result<T, DemoError> {
    text.parse().map_err(|_| DemoError::cell(expected, text))
}
