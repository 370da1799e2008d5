//! Before sending: the smallest effect on the buyers' share that these numbers could tell from chance.
//!
//! "Could tell" means: with a true effect of this size, the interval of [`super::buyers_share`] lies above zero in
//! 80 % of campaigns. Up to [`EXACT_PEOPLE_MAX`] people this is counted exactly over all possible results (both arms
//! binomial); beyond by the normal formula (Fleiss, *Statistical Methods for Rates and Proportions*, chapter on sample
//! size), which has the same answer there to a tenth of a point:
//!
//! ```text
//! effect = 1.96 √(p̄q̄ (1/n₁ + 1/n₀)) + 0.84 √(p₁q₁/n₁ + p₀q₀/n₀)
//! ```

use super::{
    chance::{Z_POWER_80, Z_TWO_SIDED_95, ln_choose},
    enough_people,
    share::{ArmBuyers, score},
};

/// Up to this many people in both arms together, power is counted exactly.
const EXACT_PEOPLE_MAX: u64 = 10_000;
const POWER: f64 = 0.8;

/// The smallest increase of the buyers' share, in percentage points, that is found with 80 % probability at the 5 %
/// level, when `base_rate` (a fraction) of the control group buys. `None` when even everybody buying would not do, or
/// when an arm is so small that no interval is shown.
pub fn detectable(base_rate: f64, treated_people: u64, control_people: u64) -> Option<f64> {
    if !(0.0..1.0).contains(&base_rate) || enough_people(treated_people, control_people).is_err() {
        return None;
    }
    let is_exact = treated_people + control_people <= EXACT_PEOPLE_MAX;
    let needed = is_exact.then(|| buyers_needed(treated_people, control_people));
    let is_found = |effect: f64| match &needed {
        Some(needed) => exact_power(base_rate, effect, treated_people, needed) >= POWER,
        None => normal_margin(base_rate, effect, treated_people as f64, control_people as f64) >= 0.0,
    };
    smallest(is_found, 1.0 - base_rate).map(|effect| 100.0 * effect)
}

/// The smallest effect that is found, by halving.
fn smallest(is_found: impl Fn(f64) -> bool, largest: f64) -> Option<f64> {
    if !is_found(largest) {
        return None;
    }
    let (mut low, mut high) = (0.0, largest);
    for _ in 0..20 {
        let middle = (low + high) / 2.0;
        if is_found(middle) { high = middle } else { low = middle }
    }
    Some(high)
}

/// For each number of buyers in the control group, how many buyers the treated arm needs for an interval above
/// zero (one more than there are people when that cannot be).
fn buyers_needed(treated_people: u64, control_people: u64) -> Vec<u64> {
    let mut needed = 0;
    (0..=control_people)
        .map(|buyers| {
            let control = ArmBuyers::new(buyers, control_people);
            // More buyers in the control group never lower the hurdle, so the search goes on from the last one.
            while needed <= treated_people && !is_above(needed, treated_people, control) {
                needed += 1;
            }
            needed
        })
        .collect()
}

fn is_above(buyers: u64, people: u64, control: ArmBuyers) -> bool {
    let is_mixed = (1..people + control.people).contains(&(buyers + control.buyers));
    is_mixed && score(ArmBuyers::new(buyers, people), control, 0.0) > Z_TWO_SIDED_95
}

/// The probability that the interval lies above zero.
fn exact_power(base_rate: f64, effect: f64, treated_people: u64, needed: &[u64]) -> f64 {
    let control_people = needed.len() as u64 - 1;
    let control = probabilities(control_people, base_rate);
    let mut at_least = probabilities(treated_people, (base_rate + effect).min(1.0));
    at_least.push(0.0);
    for count in (0..at_least.len() - 1).rev() {
        at_least[count] += at_least[count + 1];
    }
    control.iter().zip(needed).map(|(probability, &buyers)| probability * at_least[buyers as usize]).sum()
}

/// The binomial probabilities of 0..=people buyers.
fn probabilities(people: u64, share: f64) -> Vec<f64> {
    let ln_or_zero = |count: u64, ln: f64| if count == 0 { 0.0 } else { count as f64 * ln };
    (0..=people)
        .map(|buyers| {
            let ln = ln_or_zero(buyers, share.ln()) + ln_or_zero(people - buyers, (1.0 - share).ln());
            (ln_choose(people, buyers) + ln).exp()
        })
        .collect()
}

/// By how much the effect exceeds what the normal formula asks for.
fn normal_margin(base_rate: f64, effect: f64, treated: f64, control: f64) -> f64 {
    let raised = base_rate + effect;
    let pooled = (treated * raised + control * base_rate) / (treated + control);
    let without = (pooled * (1.0 - pooled) * (1.0 / treated + 1.0 / control)).sqrt();
    let with = (raised * (1.0 - raised) / treated + base_rate * (1.0 - base_rate) / control).sqrt();
    effect - Z_TWO_SIDED_95 * without - Z_POWER_80 * with
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{super::share::buyers_share, *};

    #[test]
    fn of_423_people_a_larger_control_group_tells_smaller_effects() {
        let points = |base_rate: f64| {
            [42, 85, 127, 212].map(|control| detectable(base_rate, 423 - control, control).unwrap().round())
        };
        assert_eq!(points(0.244), [22.0, 16.0, 14.0, 13.0]);
        assert_eq!(points(0.317), [22.0, 17.0, 14.0, 13.0]);
    }

    #[test]
    fn the_exact_count_and_the_formula_meet() {
        for (base_rate, treated, control) in [(0.3, 2_056, 2_056), (0.05, 4_500, 500), (0.244, 8_000, 2_000)] {
            let exact = detectable(base_rate, treated, control).unwrap();
            let formula = 100.0
                * smallest(|e| normal_margin(base_rate, e, treated as f64, control as f64) >= 0.0, 1.0 - base_rate)
                    .unwrap();
            assert!((exact - formula).abs() < 0.15, "{exact} {formula}");
        }
    }

    #[test]
    fn the_hurdle_is_the_interval_of_the_result_page() {
        let (treated, control) = (40, 12);
        for (buyers, needed) in (0_u64..).zip(buyers_needed(treated, control)) {
            for count in 0..=treated {
                let interval = buyers_share(ArmBuyers::new(count, treated), ArmBuyers::new(buyers, control));
                let is_above = interval.is_ok_and(|interval| interval.low > 0.0);
                assert_eq!(is_above, count >= needed, "{count}/{treated} {buyers}/{control}");
            }
        }
    }

    #[test]
    fn a_million_people_tell_a_tenth_of_a_point() {
        let points = detectable(0.05, 900_000, 100_000).unwrap();
        assert!((0.15..0.25).contains(&points), "{points}");
    }

    #[test]
    fn where_nothing_could_be_told_there_is_no_number() {
        assert_eq!(detectable(0.95, 15, 15), None);
        assert_eq!(detectable(0.3, 100, 9), None);
        assert_eq!(detectable(f64::NAN, 100, 100), None);
        assert_eq!(detectable(1.0, 100, 100), None);
    }
}
