//! Insights: what is going on. Sales taken apart, RFM, deciles, cohorts, second orders, LTV so far, and findings;
//! every figure leads to its people.
//!
//! Nothing here writes. Figures come from the history, at one position and one local day; what was asked before and has
//! not changed since is answered from memory ([`cache`]).
//!
//! What counts, everywhere: an *order* is a row of kind `order` with a known customer that is not simulated. *Sales of
//! a person* (M) are all their rows in the reporting currency, refunds at their own date. Refunds lower M, never the
//! number (F) or the last day (R) of orders.

pub mod api;
mod buyers;
mod cache;
mod cohorts;
mod decile;
mod error;
mod figures;
mod findings;
mod home;
mod ltv;
mod month;
mod people;
mod rfm;
mod second_orders;
mod sql;

pub use api::{HomeCampaigns, Insights, description, routes};
pub use buyers::{Buyer, Buyers};
pub use cohorts::{Cohort, CohortCell, Cohorts};
pub use decile::{Decile, Deciles};
pub use error::InsightsError;
pub use figures::Figures;
pub use findings::{Finding, FindingKind};
pub use home::{BiggestDay, Home, Pair, Period, Week};
pub use ltv::{Ltv, LtvCohort};
pub use month::Month;
pub use people::{PREFIX, People};
pub use rfm::{Bands, Cell, Grid, Selection};
pub use second_orders::{CohortState, SecondOrders, SecondOrdersCohort};
