//! Lines become orders: neighbouring lines with one number are one part of an order.
//!
//! A file need not be sorted. When an order's number comes again later, it gives another part, whose lines have keys of
//! their own; whoever takes the parts merges them by key and deletes nothing. So a file that is sorted otherwise, or
//! overlaps with another, changes nothing (`tests/it/files/orders.rs`).

use super::{
    customer_rows::{self, CustomerReader, CustomerRow},
    dates::{DateProblem, DateReader},
    error::FileError,
    field::Field,
    line_keys::LineKeys,
    mapping::{Cells, Mapping},
    numbers,
    order_lines::{self, LineClass, LineFacts, LineKey, MoneyProblem, OrderLine, OrderStatus},
    presets::LineRules,
    problem::{LineProblem, ProblemKind},
    table::Row,
};
use vocabulary::{Currency, Money, Timestamp, email::Email, money::Decimal};

/// Lines of one part, and bytes of their texts; an order with more comes in several.
const LINES_OF_PART_MAX: usize = 2_000;
const BYTES_OF_PART_MAX: usize = 256 << 10;

/// Some lines of an order, with what the file says of the order.
#[derive(Clone, Debug, PartialEq)]
pub struct OrderPart {
    /// The shop's number of the order.
    pub order_number: String,
    /// The shop's number of the customer; the buyer's mail address where the file has no column for numbers.
    pub customer_number: Option<String>,
    /// When it was placed: the earliest time among its lines.
    pub ordered_at: Timestamp,
    /// What became of it as a whole.
    pub status: OrderStatus,
    /// In which currency its amounts are.
    pub currency: Currency,
    /// Country as it was written.
    pub country: Option<String>,
    /// What was taken off the order, beside its lines.
    pub discount: Option<Money>,
    /// Postage of the order, beside its lines.
    pub shipping: Option<Money>,
    /// Fees of the order, beside its lines.
    pub fee: Option<Money>,
    /// What the file says of the buyer, where it says anything.
    pub buyer: Option<Box<CustomerRow>>,
    /// Its lines.
    pub lines: Vec<OrderLine>,
    /// The first line of the file that it came from.
    pub first_line: u64,
    /// The last one.
    pub last_line: u64,
}

impl OrderPart {
    /// Whether none of its lines counts.
    pub fn is_cancelled(&self) -> bool {
        self.lines.iter().all(|line| line.class == LineClass::Cancelled)
    }
}

/// Why a row gave no line: its own fault, or the machine's.
pub(crate) enum RowFailure {
    Problem(Box<LineProblem>),
    File(FileError),
}

impl From<LineProblem> for RowFailure {
    fn from(problem: LineProblem) -> Self {
        RowFailure::Problem(Box::new(problem))
    }
}
impl From<FileError> for RowFailure {
    fn from(error: FileError) -> Self {
        RowFailure::File(error)
    }
}

/// Gathers rows into parts of orders.
pub(crate) struct OrderReader<'m> {
    mapping: &'m Mapping,
    cells: Cells,
    rules: LineRules,
    is_known_by_mail: bool,
    dates: DateReader,
    currency: Currency,
    people: Option<CustomerReader<'m>>,
    keys: LineKeys,
    part: Option<OrderPart>,
    part_bytes: usize,
    order_hash: u64,
    last_date: (String, String, Option<Timestamp>),
}

/// What a row says of its order.
struct Head {
    ordered_at: Timestamp,
    status: OrderStatus,
    currency: Currency,
}

impl<'m> OrderReader<'m> {
    /// For one file.
    pub(crate) fn new(mapping: &'m Mapping, dates: DateReader, currency: Currency, keys: LineKeys) -> Self {
        let cells = mapping.cells();
        let people = cells.has_personal().then(|| CustomerReader::new(mapping, dates));
        let last_date = (String::new(), String::new(), None);
        let rules = mapping.rules();
        Self {
            mapping,
            cells,
            rules,
            is_known_by_mail: mapping.is_known_by_mail(),
            dates,
            currency,
            people,
            keys,
            part: None,
            part_bytes: 0,
            order_hash: 0,
            last_date,
        }
    }

    /// Takes a row. Gives back the part that ended before it, if one did.
    pub(crate) fn push(&mut self, row: &Row) -> Result<Option<OrderPart>, RowFailure> {
        let number = self.cells.get(row, Field::OrderNumber);
        if number.is_empty() {
            return Err(self.problem(row, Field::OrderNumber, ProblemKind::Missing).into());
        }
        if number.len() > customer_rows::NUMBER_CHARACTERS_MAX * 4 {
            return Err(self.problem(row, Field::OrderNumber, ProblemKind::Unreadable).into());
        }
        let current = self.part.as_ref().filter(|part| part.order_number == number);
        let has_room = self.part_bytes < BYTES_OF_PART_MAX;
        let is_same = current.is_some_and(|part| part.lines.len() < LINES_OF_PART_MAX && has_room);
        let head = self.head(row, current.is_some())?;
        let buyer = self.buyer(row, is_same)?;
        let begun = if is_same { None } else { Some(self.begin(row, number, &head)?) };
        let has_customer = self.has_customer(row, buyer.as_deref(), begun.as_ref());
        let line = self.line(row, number, &head, is_same, has_customer)?;
        self.part_bytes = if is_same { self.part_bytes } else { 0 } + line.sku.len() + line.product_name.len();
        let ended = begun.and_then(|begun| self.part.replace(begun));
        let Some(part) = self.part.as_mut() else { return Ok(ended) };
        part.ordered_at = part.ordered_at.min(head.ordered_at);
        part.last_line = row.line();
        part.buyer = part.buyer.take().or(buyer);
        if self.is_known_by_mail && part.customer_number.is_none() {
            let email = part.buyer.as_ref().and_then(|buyer| buyer.email.as_ref());
            part.customer_number = email.map(Email::canonical);
        }
        part.lines.push(line);
        Ok(ended)
    }

    /// The last part.
    pub(crate) fn finish(&mut self) -> Option<OrderPart> {
        self.part.take()
    }

    /// The class of the line that came last.
    pub(crate) fn class_of_last(&self) -> Option<LineClass> {
        self.part.as_ref().and_then(|part| part.lines.last()).map(|line| line.class)
    }

    fn problem(&self, row: &Row, field: Field, kind: fn(Field) -> ProblemKind) -> LineProblem {
        LineProblem::of_cell(row.line(), self.mapping.name(field), self.cells.get(row, field), kind(field))
    }

    /// Carts that write the order's own cells only once leave them empty in its further lines.
    fn head(&mut self, row: &Row, is_continued: bool) -> Result<Head, LineProblem> {
        let before = self.part.as_ref().filter(|_| is_continued);
        let (before_at, before_status, before_currency) =
            (before.map(|part| part.ordered_at), before.map(|part| part.status), before.map(|part| part.currency));
        let ordered_at = match (self.cells.get(row, Field::OrderedAt), before_at) {
            ("", Some(at)) => at,
            ("", None) => return Err(self.problem(row, Field::OrderedAt, ProblemKind::Missing)),
            (date, _) => self.date(row, date)?,
        };
        let is_cancelled = !self.cells.get(row, Field::CancelledAt).is_empty();
        let status = match (self.cells.get(row, Field::Status), before_status) {
            _ if is_cancelled => OrderStatus::Cancelled,
            ("", Some(status)) => status,
            (status, _) => order_lines::status_of(self.rules, status)
                .ok_or_else(|| self.problem(row, Field::Status, |_| ProblemKind::NotPlaced))?,
        };
        let currency = match (self.cells.get(row, Field::Currency), before_currency) {
            ("", before) => before.unwrap_or(self.currency),
            (code, _) => {
                numbers::currency(code).ok_or_else(|| self.problem(row, Field::Currency, ProblemKind::Unreadable))?
            }
        };
        Ok(Head { ordered_at, status, currency })
    }

    /// Neighbouring lines mostly have the same time: it is read once.
    fn date(&mut self, row: &Row, date: &str) -> Result<Timestamp, LineProblem> {
        let time = self.cells.get(row, Field::OrderedTime);
        if let (last, last_time, Some(at)) = &self.last_date
            && last == date
            && last_time == time
        {
            return Ok(*at);
        }
        let at = self.dates.read(date, time).map_err(|problem| match problem {
            DateProblem::Unreadable => self.problem(row, Field::OrderedAt, ProblemKind::Unreadable),
            DateProblem::OutOfRange => self.problem(row, Field::OrderedAt, ProblemKind::DateOutOfRange),
        })?;
        let (last, last_time, last_at) = &mut self.last_date;
        last.clear();
        last.push_str(date);
        last_time.clear();
        last_time.push_str(time);
        *last_at = Some(at);
        Ok(at)
    }

    /// The buyer of a new part; further lines of it say the same.
    fn buyer(&self, row: &Row, is_same: bool) -> Result<Option<Box<CustomerRow>>, LineProblem> {
        let is_known = is_same && self.part.as_ref().is_some_and(|part| part.buyer.is_some());
        match &self.people {
            Some(people) if !is_known => {
                let buyer = people.person(row)?;
                let says_something = buyer.has_identity() || buyer.name.is_some() || buyer.address.is_some();
                Ok(says_something.then(|| Box::new(buyer)))
            }
            _ => Ok(None),
        }
    }

    fn line(
        &mut self,
        row: &Row,
        number: &str,
        head: &Head,
        is_same: bool,
        has_customer: bool,
    ) -> Result<OrderLine, RowFailure> {
        let get = |field| self.cells.get(row, field);
        let optional = |field| self.cells.has(field).then(|| get(field));
        let money = order_lines::money_of(
            optional(Field::Quantity),
            optional(Field::UnitPrice),
            get(Field::LineTotal),
            head.currency,
        )
        .map_err(|problem| match problem {
            MoneyProblem::Missing(field) => self.problem(row, field, ProblemKind::Missing),
            MoneyProblem::Unreadable(field) => self.problem(row, field, ProblemKind::Unreadable),
            MoneyProblem::TooLarge(field) => self.problem(row, field, ProblemKind::TooLarge),
        })?;
        let (sku, product_name) = (get(Field::Sku), get(Field::ProductName));
        let item = order_lines::item_of(self.rules, get(Field::ItemKind), sku, product_name);
        let is_free = match get(Field::LineTotal) {
            "" => money.quantity == 0 || money.unit_price.is_none_or(Decimal::is_zero),
            _ => money.amount_minor == 0,
        };
        let facts = LineFacts {
            order_number: number,
            status: head.status,
            item,
            quantity: money.quantity,
            amount_minor: money.amount_minor,
            is_free,
            has_customer,
        };
        let class = order_lines::class_of(self.rules, &facts);
        let content = match get(Field::LineId) {
            "" => order_lines::content_hash(sku, product_name, money.quantity, money.amount_minor),
            id => order_lines::text_hash(id),
        };
        let (sku, product_name) = (sku.to_owned(), product_name.to_owned());
        let order_hash = if is_same { self.order_hash } else { order_lines::text_hash(number) };
        self.order_hash = order_hash;
        let ordinal = self.keys.ordinal(order_hash.rotate_left(17) ^ content)?;
        Ok(OrderLine {
            line: row.line(),
            key: LineKey { content, ordinal },
            class,
            item,
            sku,
            product_name,
            quantity: money.quantity,
            unit_price: money.unit_price,
            amount: Money::new(money.amount_minor, head.currency),
        })
    }

    /// Whether the buyer can be found again: by this row, or by an earlier one of the same order.
    fn has_customer(&self, row: &Row, buyer: Option<&CustomerRow>, begun: Option<&OrderPart>) -> bool {
        let of_row = customer_rows::customer_number(self.cells.get(row, Field::CustomerNumber)).is_some();
        let of_part = begun.or(self.part.as_ref()).is_some_and(|part| {
            part.customer_number.is_some() || part.buyer.as_deref().is_some_and(CustomerRow::has_identity)
        });
        of_row || buyer.is_some_and(CustomerRow::has_identity) || of_part
    }

    /// A new part. An overlong order goes on where its part before it ended.
    fn begin(&self, row: &Row, number: &str, head: &Head) -> Result<OrderPart, LineProblem> {
        let continued = self.part.as_ref().filter(|part| part.order_number == number);
        let amount = |field: Field| match self.cells.get(row, field) {
            "" => Ok(None),
            text => numbers::minor_units(text, head.currency)
                .map(|minor| Some(Money::new(minor, head.currency)))
                .ok_or_else(|| self.problem(row, field, ProblemKind::Unreadable)),
        };
        let country = self.cells.get(row, Field::Country);
        let customer = customer_rows::customer_number(self.cells.get(row, Field::CustomerNumber));
        Ok(OrderPart {
            order_number: number.to_owned(),
            customer_number: customer.map(str::to_owned).or_else(|| continued?.customer_number.clone()),
            ordered_at: head.ordered_at,
            status: head.status,
            currency: head.currency,
            country: (!country.is_empty()).then(|| country.to_owned()),
            discount: amount(Field::Discount)?.or_else(|| continued?.discount),
            shipping: amount(Field::Shipping)?.or_else(|| continued?.shipping),
            fee: amount(Field::Fee)?.or_else(|| continued?.fee),
            buyer: continued.and_then(|part| part.buyer.clone()),
            lines: Vec::with_capacity(8),
            first_line: row.line(),
            last_line: row.line(),
        })
    }
}
