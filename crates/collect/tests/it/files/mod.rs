//! Files that a shop brings.

mod addresses;
mod classes;
mod customers;
mod encodings;
mod headers;
mod hostile;
mod orders;
mod rows;

use collect::files::{
    CustomerItem, CustomerRow, FileError, FileKind, FileLimits, LineProblem, Mapping, OrderItem, OrderPart, ReadError,
    ReadOptions, Source, Summary, TableOptions, Watch, inspect, read_customers, read_orders,
};
use std::{
    convert::Infallible,
    io::Cursor,
    path::{Path, PathBuf},
};
use vocabulary::{Currency, Zone};

/// A small file that lies beside the tests.
pub fn sample(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(file)
}

/// Real data that the repository does not have; a test that finds none is counted as left out.
pub fn test_data(test: &str, file: &str) -> Option<PathBuf> {
    let default = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var_os("NAJIMI_TEST_DATA").map_or(default, PathBuf::from);
    let path = folder.join(file);
    if path.exists() {
        return Some(path);
    }
    assert!(!folder.exists(), "{} is missing though its folder is there", path.display());
    testing::leave_out(test, &format!("there is no data at {} (NAJIMI_TEST_DATA)", path.display()));
    None
}

pub fn source(bytes: impl AsRef<[u8]>) -> Result<Source, FileError> {
    let bytes = bytes.as_ref().to_vec();
    let size = bytes.len() as u64;
    Source::from_reader(Cursor::new(bytes), Some(size), &FileLimits::default())
}

pub fn options() -> ReadOptions {
    ReadOptions::new(Zone::TOKYO, Currency::JPY, "2026-11-13T00:00:00Z".parse().unwrap())
}

pub fn mapping(bytes: impl AsRef<[u8]>, kind: FileKind) -> Result<Mapping, FileError> {
    inspect(source(bytes)?, Some(kind), &TableOptions::default()).map(|found| found.proposal.mapping)
}

/// What came of a file of orders.
#[derive(Default)]
pub struct Orders {
    pub parts: Vec<OrderPart>,
    pub problems: Vec<LineProblem>,
    pub summary: Summary,
}

pub fn orders(bytes: impl AsRef<[u8]>) -> Result<Orders, FileError> {
    orders_with(bytes, &options())
}

pub fn orders_with(bytes: impl AsRef<[u8]>, options: &ReadOptions) -> Result<Orders, FileError> {
    let mapping = mapping(&bytes, FileKind::Orders)?;
    let mut found = Orders::default();
    let summary = read_orders(source(&bytes)?, &mapping, options, Watch::default(), |item| -> Result<(), Infallible> {
        match item {
            OrderItem::Part(part) => found.parts.push(part),
            OrderItem::Problem(problem) => found.problems.push(problem),
        }
        Ok(())
    });
    found.summary = unfailing(summary)?;
    Ok(found)
}

pub fn customers(bytes: impl AsRef<[u8]>) -> Result<(Vec<CustomerRow>, Vec<LineProblem>), FileError> {
    let mapping = mapping(&bytes, FileKind::Customers)?;
    let (mut rows, mut problems) = (Vec::new(), Vec::new());
    let summary =
        read_customers(source(&bytes)?, &mapping, &options(), Watch::default(), |item| -> Result<(), Infallible> {
            match item {
                CustomerItem::Row(row) => rows.push(*row),
                CustomerItem::Problem(problem) => problems.push(problem),
            }
            Ok(())
        });
    unfailing(summary)?;
    Ok((rows, problems))
}

pub fn unfailing(summary: Result<Summary, ReadError<Infallible>>) -> Result<Summary, FileError> {
    summary.map_err(|error| match error {
        ReadError::File(error) => error,
        ReadError::Taker(never) => match never {},
    })
}
