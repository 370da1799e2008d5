//! Who may do what: operators, roles, sessions, keys and the audit log; and what every endpoint shares.
//!
//! Invariant: what an endpoint allows stands in its signature ([`Caller`], [`KeyCaller`] or [`Anyone`]) and is checked
//! before its body runs (shown for each role and route in `tests/it/permissions.rs`). No secret is kept as it was
//! given out, and none has a `Debug` that shows it.

mod access;
pub mod api;
mod audit;
mod caller;
mod error;
mod keys;
mod links;
mod operators;
mod origin;
pub mod paging;
mod password;
pub mod permission;
pub mod problem;
mod secret;
mod sessions;
mod setup;
mod sql;
mod throttle;
pub mod valid;

pub use access::{Access, Installation};
pub use api::{DemoView, Extras, MailMode, MeExtras, describe_security, description, routes};
pub use audit::{
    keep_audit_log,
    seal::{AuditVerdict, Seal},
};
pub use caller::{Anyone, Caller, ClientAddress, KeyCaller};
pub use error::AccessError;
pub use keys::Key;
pub use operators::{NewOperator, Operator, OperatorChange};
pub use paging::{Cursor, Limit, Page, Paging};
pub use permission::*;
pub use problem::{ApiResult, Problem};
pub use secret::Secret;
pub use setup::NewInstallation;
pub use sql::installation;
pub use valid::{Path, Query, RawBody, Valid, is_list};

/// The tables of this crate.
pub const MIGRATIONS: &[records::Migration] = &[
    records::Migration { name: "0001_access", sql: include_str!("../migrations/0001_access.sql") },
    records::Migration { name: "0017_audit_seals", sql: include_str!("../migrations/0017_audit_seals.sql") },
];
