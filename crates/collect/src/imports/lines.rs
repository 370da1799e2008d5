//! Every line of a file by its class: read again from the file, so that nothing of it is kept twice.

use super::{
    classes::{self, CUSTOMER},
    file::Opened,
    sql::ProblemRow,
};
use crate::files::{self, CustomerItem, FileError, FileKind, OrderItem, ReadError, Row, Table, Watch, table::Next};
use bytes::Bytes;
use customers::export::neutral;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use tokio::sync::mpsc;

/// Numbers of lines that the one reading is ahead of the other.
const AHEAD: usize = 4_096;
/// Bytes of a CSV that are handed on at once.
const CHUNK_BYTES: usize = 64 << 10;
/// What makes a spreadsheet read Japanese as UTF-8.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// Which lines.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub class: String,
    /// Lines behind this one.
    pub after: u64,
    /// Lines up to this one.
    pub last: u64,
}

/// Hands on the rows of one class in the order of the file until `take` says that it is enough. The file is read twice
/// side by side, once for the classes and once for the rows, so that memory does not grow with it.
pub(super) fn each_row(
    file: &Opened,
    wanted: &Wanted,
    mut take: impl FnMut(&[String], char, &Row) -> bool,
) -> Result<(), FileError> {
    let mut table = Table::open(file.source()?, &file.table())?;
    let (header, separator) = (table.header().to_vec(), table.separator());
    std::thread::scope(|scope| {
        let (sender, numbers) = sync_channel(AHEAD);
        let classes = scope.spawn(move || find_lines(file, wanted, &sender));
        let taken = take_rows(&mut table, numbers, |row| take(&header, separator, row));
        taken.and(classes.join().unwrap_or(Ok(())))
    })
}

fn take_rows(table: &mut Table, numbers: Receiver<u64>, mut take: impl FnMut(&Row) -> bool) -> Result<(), FileError> {
    let mut row = Row::default();
    for wanted in numbers {
        loop {
            match table.next(&mut row)? {
                Next::End => return Ok(()),
                Next::Row if row.line() == wanted => break,
                Next::Row | Next::Problem(_) => {}
            }
        }
        if !take(&row) {
            return Ok(());
        }
    }
    Ok(())
}

/// Nobody wants to know any more.
struct Enough;

fn find_lines(file: &Opened, wanted: &Wanted, numbers: &SyncSender<u64>) -> Result<(), FileError> {
    let send = |class: &str, line: u64| {
        let is_wanted = class == wanted.class && line > wanted.after && line <= wanted.last;
        if line > wanted.last || (is_wanted && numbers.send(line).is_err()) { Err(Enough) } else { Ok(()) }
    };
    let (source, read, watch) = (file.source()?, file.read(), Watch::default());
    let ended = match file.mapping.kind {
        FileKind::Orders => files::read_orders(source, &file.mapping, &read, watch, |item| match item {
            OrderItem::Part(part) => {
                let refusal = classes::refusal(&part, &file.options);
                part.lines.iter().try_for_each(|line| send(classes::class_of(line, &part, refusal), line.line))
            }
            OrderItem::Problem(_) => Ok(()),
        }),
        FileKind::Customers => files::read_customers(source, &file.mapping, &read, watch, |item| match item {
            CustomerItem::Row(row) if classes::problem_of(&row).is_none() => send(CUSTOMER, row.line),
            CustomerItem::Row(_) | CustomerItem::Problem(_) => Ok(()),
        }),
    };
    match ended {
        Ok(_) | Err(ReadError::Taker(Enough)) => Ok(()),
        Err(ReadError::File(error)) => Err(error),
    }
}

/// A row as one text.
pub(super) fn joined(row: &Row, separator: char) -> String {
    let cells: Vec<&str> = row.cells().collect();
    cells.join(&separator.to_string())
}

/// Writes a CSV piece by piece to whoever downloads it.
pub(super) struct CsvSender {
    writer: csv::Writer<Vec<u8>>,
    chunks: mpsc::Sender<std::io::Result<Bytes>>,
    bytes: usize,
}

impl CsvSender {
    /// Begins with the sign that tells spreadsheets the encoding.
    pub fn new(chunks: mpsc::Sender<std::io::Result<Bytes>>) -> Self {
        Self { writer: csv::Writer::from_writer(MARK.to_vec()), chunks, bytes: 0 }
    }

    /// Adds a row; false when nobody downloads any more.
    pub fn row<'a>(&mut self, cells: impl IntoIterator<Item = &'a str>) -> bool {
        for cell in cells {
            self.bytes += cell.len() + 1;
            if self.writer.write_field(neutral(cell)).is_err() {
                return false;
            }
        }
        let is_written = self.writer.write_record(None::<&[u8]>).is_ok();
        is_written && (self.bytes < CHUNK_BYTES || self.hand_on())
    }

    fn hand_on(&mut self) -> bool {
        self.bytes = 0;
        let writer = std::mem::replace(&mut self.writer, csv::Writer::from_writer(Vec::with_capacity(CHUNK_BYTES)));
        match writer.into_inner() {
            Ok(bytes) => self.chunks.blocking_send(Ok(Bytes::from(bytes))).is_ok(),
            Err(_) => false,
        }
    }

    /// Ends it. A download that fails half-way must not look whole.
    pub fn finish(mut self, ended: Result<(), FileError>) {
        match ended {
            Ok(()) => {
                let _ = self.hand_on();
            }
            Err(error) => {
                tracing::warn!(%error, "the lines of an import could not be read again");
                let _ = self.chunks.blocking_send(Err(std::io::Error::other(error)));
            }
        }
    }
}

/// All rows of a class as CSV, with the columns of the file.
pub(super) fn write_rows(file: &Opened, wanted: &Wanted, mut csv: CsvSender) {
    let mut has_header = false;
    let ended = each_row(file, wanted, |header, _, row| {
        if !std::mem::replace(&mut has_header, true)
            && !csv.row(["line", "class"].into_iter().chain(header.iter().map(String::as_str)))
        {
            return false;
        }
        let line = row.line().to_string();
        csv.row([line.as_str(), &wanted.class].into_iter().chain(row.cells()))
    });
    csv.finish(ended);
}

/// The lines that were not taken as CSV, with why.
pub(super) fn write_problems(problems: &[ProblemRow], is_english: bool, mut csv: CsvSender) {
    let _ = csv.row(["line", "reason", "raw"]);
    for problem in problems {
        let line = problem.line.to_string();
        let reason = if is_english { &problem.sentence_en } else { &problem.sentence_ja };
        if !csv.row([line.as_str(), reason, &problem.raw]) {
            return;
        }
    }
    csv.finish(Ok(()));
}
