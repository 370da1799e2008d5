//! The list of customers.

mod page;
mod save;
