//! Honest results: who is held back for comparison, what a campaign brought, and when it does harm.
//!
//! The order of a campaign's life:
//!
//! 1. [`detectable`]: before sending, the smallest effect that these numbers could tell from chance.
//! 2. [`Draw`]: the comparison group, drawn by hash after reachability, so that both arms could have been reached.
//! 3. [`harm`]: while sending, whether people leave more than usual.
//! 4. [`buyers_share`] and [`sales_per_head`]: 95 % intervals for the difference treated − control,
//!    analysed as assigned (everybody counts in the arm that was drawn, whether the mail arrived or not).
//! 5. [`verdict`]: one word for the result page, and none before the window has ended.
//!
//! Everything here is a pure rule: no clock, no storage; chance is handed in as a seed ([`permutation_seed`]),
//! so the same campaign with the same orders always shows the same interval.
//!
//! Invariant: when nothing was sent, each interval excludes zero in about 5 % of random splits, also for
//! heavy-tailed sales and for a small control group. `a_a_test.rs` shows it in 2,000 splits of real orders, beside
//! the plain normal interval (difference ± 1.96 standard errors), which does not keep it:
//!
//! | excludes zero, % of splits             | these rules | normal |
//! |----------------------------------------|------------:|-------:|
//! | 41 / 382, buyers' share                |         5.2 |    8.7 |
//! | 41 / 382, sales per head               |         5.0 |    8.0 |
//! | 2,056 / 2,056, buyers' share           |         5.7 |        |
//! | 2,056 / 2,056, sales per head          |         5.1 |    5.1 |
//! | the same with one order of £168,469.60 |         4.5 |    0.0 |
//!
//! Over all possible draws instead of 2,000 random ones the buyers' share is at 5.05 % and 5.18 % (`share.rs`).

#[cfg(test)]
mod a_a_test;
mod chance;
mod detectable;
mod draw;
mod harm;
mod rearrangement;
mod sales;
mod share;
mod verdict;

pub use detectable::detectable;
pub use draw::{Arm, Draw, permutation_seed};
pub use harm::{HarmLine, HarmReading, HarmVerdict, harm};
pub use sales::{ArmSales, PERMUTATIONS_MAX, permutations_for, sales_per_head};
pub use share::{ArmBuyers, buyers_share};
pub use verdict::{ArmSizes, Verdict, verdict};

/// Fewest people in an arm for which a difference is shown at all.
pub const ARM_PEOPLE_MIN: u64 = 10;

/// A difference treated − control with its 95 % confidence limits, all three in the same unit
/// (a share as a fraction of 1, sales in minor units per head).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// What was observed: treated − control.
    pub difference: f64,
    /// Lower limit.
    pub low: f64,
    /// Upper limit.
    pub high: f64,
}

impl Interval {
    /// Whether chance alone is an implausible explanation: both limits lie on the same side of zero.
    pub fn excludes_zero(&self) -> bool {
        self.low > 0.0 || self.high < 0.0
    }

    /// Whether `value` lies between the limits, limits included.
    pub fn covers(&self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }
}

/// Why no interval can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TooFew {
    /// The smaller arm has fewer than [`ARM_PEOPLE_MIN`] people.
    #[error("the smaller arm has {people} people, {ARM_PEOPLE_MIN} are needed")]
    SmallArm {
        /// People in the smaller arm.
        people: u64,
    },
    /// Nobody in either arm bought.
    #[error("nobody in either arm bought")]
    NobodyBought,
    /// Too few people with sales other than zero to say anything about amounts.
    #[error("{spenders} people have sales, {needed} are needed", needed = sales::SPENDERS_MIN)]
    FewSpenders {
        /// People with sales other than zero, both arms together.
        spenders: u64,
    },
    /// Everybody did exactly the same, so chance has nothing to show.
    #[error("everybody did the same")]
    NoVariation,
    /// The data allow a limit of any size.
    #[error("the limits are not bounded")]
    NotBounded,
}

/// Refuses arms too small for a statement.
fn enough_people(treated: u64, control: u64) -> Result<(), TooFew> {
    let people = treated.min(control);
    if people < ARM_PEOPLE_MIN { Err(TooFew::SmallArm { people }) } else { Ok(()) }
}
