//! The list of customers.

mod page;
