//! Reads a whole file and hands on what it holds, item by item.
//!
//! Invariant: accepted + rejected rows + blank lines (+ the header and line breaks inside of cells) are the lines of the
//! file; `tests/it/files` counts them.

use super::{
    columns::SAMPLE_ROWS_MAX,
    customer_rows::{CustomerReader, CustomerRow},
    dates::DateReader,
    encoding::Encoding,
    error::FileError,
    field::FileKind,
    line_keys::LineKeys,
    mapping::{self, Mapping, Proposal},
    order_lines::LineClass,
    orders::{OrderPart, OrderReader, RowFailure},
    problem::LineProblem,
    source::{Compression, Source},
    table::{Next, Row, Table, TableOptions},
};
use std::{
    path::PathBuf,
    sync::atomic::{AtomicBool, Ordering},
};
use vocabulary::{Currency, Timestamp, Zone};

/// Rows between two looks at the stop flag and two reports of progress.
const ROWS_BETWEEN_REPORTS: u64 = 2_000;

/// What the reading needs to know beside the file and its mapping.
#[derive(Clone, Debug)]
pub struct ReadOptions {
    /// Where the shop's clock hangs.
    pub zone: Zone,
    /// The currency of files that do not say.
    pub currency: Currency,
    /// The present. Orders and birthdays after it (and a day) are mistakes.
    pub now: Timestamp,
    /// Encoding, separator and limits.
    pub table: TableOptions,
    /// Where counts go that memory does not hold.
    pub spill_folder: PathBuf,
    /// Stop after so many rows (for a preview).
    pub rows_max: Option<u64>,
    /// Lines up to this one were handed on before: they are read again and not handed on.
    pub resume_after_line: u64,
}

impl ReadOptions {
    /// Everything found by itself, nothing left out.
    pub fn new(zone: Zone, currency: Currency, now: Timestamp) -> Self {
        Self {
            zone,
            currency,
            now,
            table: TableOptions::default(),
            spill_folder: std::env::temp_dir(),
            rows_max: None,
            resume_after_line: 0,
        }
    }

    fn dates(&self, mapping: &Mapping) -> DateReader {
        DateReader { zone: self.zone, order: mapping.date_order, latest: self.now.plus_days(1) }
    }
}

/// Who watches the reading.
#[derive(Default)]
pub struct Watch<'a> {
    /// Set to stop.
    pub stop: Option<&'a AtomicBool>,
    /// Told now and then how far it is.
    pub progress: Option<&'a mut dyn FnMut(&Progress)>,
}

/// How far the reading is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Lines of the file that were passed, the header among them.
    pub lines: u64,
    /// Rows that were taken.
    pub accepted: u64,
    /// Rows and lines that were not.
    pub rejected: u64,
    /// Lines with nothing in them.
    pub blank_lines: u64,
    /// Cells that could not be read in rows that were taken.
    pub warnings: u64,
    /// Bytes that were taken from the file.
    pub bytes_read: u64,
    /// The file's size, where it is known.
    pub bytes_total: Option<u64>,
}

/// How it ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// All that was read.
    pub progress: Progress,
    /// Lines of orders by class, in the order of `LineClass::ALL`.
    pub classes: [u64; LineClass::ALL.len()],
    /// Whether it was stopped before the end.
    pub is_stopped: bool,
}

impl Summary {
    /// How many lines are of this class.
    pub fn of(&self, class: LineClass) -> u64 {
        self.classes[class as usize]
    }
}

/// What a file of orders holds.
#[derive(Clone, Debug, PartialEq)]
pub enum OrderItem {
    /// Lines of one order.
    Part(OrderPart),
    /// A line that was not taken.
    Problem(LineProblem),
}

/// What a file of customers holds.
#[derive(Clone, Debug, PartialEq)]
pub enum CustomerItem {
    /// A person.
    Row(Box<CustomerRow>),
    /// A line that was not taken.
    Problem(LineProblem),
}

/// Why the reading ended early.
#[derive(Debug, thiserror::Error)]
pub enum ReadError<E> {
    /// The file cannot be read any further.
    #[error(transparent)]
    File(#[from] FileError),
    /// Whoever takes the items failed.
    #[error("the items could not be taken")]
    Taker(#[source] E),
}

/// How a file is written, what its columns mean, and its first rows.
pub struct Inspection {
    /// How it is packed.
    pub compression: Compression,
    /// Its encoding.
    pub encoding: Encoding,
    /// What stands between two cells.
    pub separator: char,
    /// The names of its columns.
    pub header: Vec<String>,
    /// Its first rows as they are.
    pub rows: Vec<Row>,
    /// Its first lines that are no rows.
    pub problems: Vec<LineProblem>,
    /// What its columns seem to mean.
    pub proposal: Proposal,
}

/// Looks at the beginning of a file.
pub fn inspect(source: Source, kind: Option<FileKind>, options: &TableOptions) -> Result<Inspection, FileError> {
    let mut table = Table::open(source, options)?;
    let (mut rows, mut problems) = (Vec::new(), Vec::new());
    let mut bytes = 0;
    while rows.len() + problems.len() < SAMPLE_ROWS_MAX && bytes < SAMPLE_BYTES_MAX {
        let mut row = Row::default();
        match table.next(&mut row)? {
            Next::Row => {
                bytes += row.text.len();
                rows.push(row);
            }
            Next::Problem(problem) => problems.push(problem),
            Next::End => break,
        }
    }
    let proposal = mapping::propose(kind, table.header(), &rows)?;
    Ok(Inspection {
        compression: table.source().compression(),
        encoding: table.encoding(),
        separator: table.separator(),
        header: table.header().to_vec(),
        rows,
        problems,
        proposal,
    })
}

/// Bytes of the rows that are looked at.
const SAMPLE_BYTES_MAX: usize = 4 << 20;

/// Reads a file of orders.
pub fn read_orders<E>(
    source: Source,
    mapping: &Mapping,
    options: &ReadOptions,
    watch: Watch<'_>,
    mut take: impl FnMut(OrderItem) -> Result<(), E>,
) -> Result<Summary, ReadError<E>> {
    let mut reading = Reading::open(source, mapping, options, watch)?;
    let keys = LineKeys::new(options.table.limits.line_keys_max, options.spill_folder.clone());
    let mut orders = OrderReader::new(mapping, options.dates(mapping), options.currency, keys);
    let resume = options.resume_after_line;
    let mut hand_on = |item: OrderItem| {
        let last_line = match &item {
            OrderItem::Part(part) => part.last_line,
            OrderItem::Problem(problem) => problem.line,
        };
        if last_line > resume { take(item).map_err(ReadError::Taker) } else { Ok(()) }
    };
    while let Some(next) = reading.next()? {
        let ended = match next {
            Err(problem) => Err(RowFailure::from(problem)),
            Ok(row) => orders.push(row),
        };
        match ended {
            Ok(ended) => {
                reading.count(orders.class_of_last());
                if let Some(part) = ended {
                    reading.summary.progress.warnings += warnings_of(&part);
                    hand_on(OrderItem::Part(part))?;
                }
            }
            Err(RowFailure::Problem(problem)) => {
                reading.summary.progress.rejected += 1;
                hand_on(OrderItem::Problem(*problem))?;
            }
            Err(RowFailure::File(error)) => return Err(error.into()),
        }
    }
    if let Some(part) = orders.finish() {
        reading.summary.progress.warnings += warnings_of(&part);
        hand_on(OrderItem::Part(part))?;
    }
    Ok(reading.finish())
}

fn warnings_of(part: &OrderPart) -> u64 {
    part.buyer.as_ref().map_or(0, |buyer| buyer.warnings.len() as u64)
}

/// Reads a file of customers.
pub fn read_customers<E>(
    source: Source,
    mapping: &Mapping,
    options: &ReadOptions,
    watch: Watch<'_>,
    mut take: impl FnMut(CustomerItem) -> Result<(), E>,
) -> Result<Summary, ReadError<E>> {
    let mut reading = Reading::open(source, mapping, options, watch)?;
    let customers = CustomerReader::new(mapping, options.dates(mapping));
    while let Some(next) = reading.next()? {
        let read = next.and_then(|row| customers.read(row));
        let (item, line) = match read {
            Ok(customer) => {
                reading.summary.progress.warnings += customer.warnings.len() as u64;
                reading.count(None);
                let line = customer.line;
                (CustomerItem::Row(Box::new(customer)), line)
            }
            Err(problem) => {
                reading.summary.progress.rejected += 1;
                let line = problem.line;
                (CustomerItem::Problem(problem), line)
            }
        };
        if line > options.resume_after_line {
            take(item).map_err(ReadError::Taker)?;
        }
    }
    Ok(reading.finish())
}

/// A table on its way, with its counts and those who watch.
struct Reading<'a> {
    table: Table,
    row: Row,
    summary: Summary,
    watch: Watch<'a>,
    rows: u64,
    rows_max: u64,
}

impl<'a> Reading<'a> {
    fn open(source: Source, mapping: &Mapping, options: &ReadOptions, watch: Watch<'a>) -> Result<Self, FileError> {
        let table = Table::open(source, &options.table)?;
        mapping.check(table.header())?;
        let rows_max = options.rows_max.unwrap_or(u64::MAX);
        Ok(Self { table, row: Row::default(), summary: Summary::default(), watch, rows: 0, rows_max })
    }

    /// The next row, or what is wrong with the next line; `None` at the end, and when it is enough.
    fn next(&mut self) -> Result<Option<Result<&Row, LineProblem>>, FileError> {
        if self.rows.is_multiple_of(ROWS_BETWEEN_REPORTS) {
            self.report();
            self.summary.is_stopped = self.watch.stop.is_some_and(|stop| stop.load(Ordering::Relaxed));
        }
        if self.summary.is_stopped || self.rows >= self.rows_max {
            return Ok(None);
        }
        self.rows += 1;
        Ok(match self.table.next(&mut self.row)? {
            Next::Row => Some(Ok(&self.row)),
            Next::Problem(problem) => Some(Err(problem)),
            Next::End => None,
        })
    }

    fn count(&mut self, class: Option<LineClass>) {
        self.summary.progress.accepted += 1;
        if let Some(class) = class {
            self.summary.classes[class as usize] += 1;
        }
    }

    fn report(&mut self) {
        let source = self.table.source();
        let progress = &mut self.summary.progress;
        progress.lines = self.table.lines_read();
        progress.blank_lines = self.table.blank_lines();
        progress.bytes_read = source.read_bytes();
        progress.bytes_total = source.size_bytes();
        if let Some(watcher) = &mut self.watch.progress {
            watcher(progress);
        }
    }

    fn finish(mut self) -> Summary {
        self.report();
        self.summary
    }
}
