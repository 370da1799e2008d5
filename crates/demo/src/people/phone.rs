//! Telephones that nobody has: 070-0000, 070-0001 and 070-0002 are not given out in Japan.

use crate::dice::Dice;

const NUMBERS: u64 = 30_000;
/// Has no divisor in common with `NUMBERS`, so that ordinals never share a number.
const STEP: u64 = 7_919;

/// The telephone of the person with this ordinal, which `percent` of people have.
pub(super) fn phone(ordinal: u64, percent: f64) -> Option<String> {
    if !Dice::new("phone", ordinal).chance(percent) {
        return None;
    }
    let number = (ordinal * STEP + 4_729) % NUMBERS;
    Some(format!("070-{:04}-{:04}", number / 10_000, number % 10_000))
}
