//! The demo shop: real orders of a British gift shop, fictitious people of Japan.
//!
//! Everything here is a pure function of the files in the repository's `demo` folder and of a
//! seed: no clock, no chance from outside, so every start shows the same shop. The files are read
//! from the folder that the caller names and are never compiled into the program.
//!
//! Sources, licences and the list of changes are in `demo/ATTRIBUTION.md`.

mod calendar;
mod dice;
mod files;
mod folder;
mod large;
mod orders;
mod people;
mod products;
mod samples;

pub use calendar::{DEMO_TODAY, FIRST_DAY, HELD_BACK_DAYS, JPY_PER_GBP, LAST_DAY, SHIFT_WEEKS, SHOP_NAME, shift};
pub use files::{CUSTOMER_COLUMNS, ORDER_COLUMNS};
pub use folder::{DemoError, DemoFolder};
pub use large::{Baskets, LargeLine, LargeLines, LargeOptions, LargeShop};
pub use orders::{OrderLine, Orders};
pub use people::{Buyer, Channel, Consent, Decision, People, Person, PersonKind, Sex, is_deliverable};
pub use products::{Product, Products};
pub use samples::{Arm, SampleCampaign, SampleResponse, sample_response, sample_responses};
