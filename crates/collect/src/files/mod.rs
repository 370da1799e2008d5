//! Files that a shop brings: from bytes to typed order lines and customers, without a database.
//!
//! The way of a file: `source` (unpacked, within limits) → `encoding` (text) → `lines` and `table` (rows) → `mapping`
//! (which column means what) → `order_lines`, `orders` and `customer_rows` (typed) → whoever takes the items of `read`.
//!
//! Invariants: every line of the file is accepted, rejected with a sentence, or blank, and the three add up; a broken
//! line stops nothing else; memory does not grow with the file (`tests/it/files`).

pub mod columns;
pub mod customer_rows;
pub mod dates;
pub mod encoding;
pub mod error;
pub mod field;
mod line_keys;
mod lines;
pub mod mapping;
pub mod numbers;
pub mod order_lines;
pub mod orders;
pub mod presets;
pub mod problem;
pub mod read;
pub mod separator;
pub mod source;
mod split;
mod synonyms;
pub mod table;

pub use customer_rows::CustomerRow;
pub use encoding::Encoding;
pub use error::FileError;
pub use field::{Field, FileKind};
pub use mapping::{Mapping, Proposal};
pub use order_lines::{ItemKind, LineClass, LineKey, OrderLine};
pub use orders::OrderPart;
pub use problem::LineProblem;
pub use read::{
    CustomerItem, Inspection, OrderItem, Progress, ReadError, ReadOptions, Summary, Watch, inspect, read_customers,
    read_orders,
};
pub use source::{Compression, FileLimits, Source};
pub use table::{Row, Table, TableOptions};
