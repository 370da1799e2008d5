//! Orders and refunds: the rules, the rows, and how they follow the stream of events.

mod history_rows;
mod order;
mod projection;
mod segment_spec;
pub mod sql;
mod statements;

pub use order::{Line, Order, OrderState, Totals, is_countable, order_id};
pub use projection::OrdersProjection;
pub use segment_spec::{OrderProblem, order_of_event};
pub use statements::{Statement, Statements, Word};
