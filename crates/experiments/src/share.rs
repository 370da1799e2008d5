//! The buyers' share: the difference treated − control with a 95 % interval that holds for small control groups.
//!
//! A score interval: the limits are those supposed differences δ at which the observed one lies 1.96 standard errors
//! away, where the standard error belongs to δ and not to the observed shares (Miettinen & Nurminen, *Statistics in
//! Medicine* 1985, with their factor N/(N − 1), under which the variance at δ = 0 is exactly that of the draw without
//! putting back). With a small control group the score is lopsided, so the distance z is corrected for skewness
//! (Gart & Nam, *Biometrics* 1990; Laud, *Pharmaceutical Statistics* 2017):
//!
//! ```text
//! z + γ (z² − 1) = (d − δ) / √V,   γ = μ₃ / (6 V^1.5)
//! V  = (p₁q₁/n₁ + p₀q₀/n₀) · N/(N − 1)
//! μ₃ = p₁q₁(q₁ − p₁)/n₁² − p₀q₀(q₀ − p₀)/n₀²
//! ```
//!
//! where p₁ and p₀ are the most likely shares under p₁ − p₀ = δ, the root of a cubic (Farrington & Manning,
//! *Statistics in Medicine* 1990).

use super::{Interval, TooFew, chance::Z_TWO_SIDED_95, enough_people};

/// One arm of a comparison, as assigned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ArmBuyers {
    pub(super) buyers: u64,
    pub(super) people: u64,
}

impl ArmBuyers {
    /// An arm of `people`, of whom `buyers` have at least one order in the window. More buyers than people cannot
    /// be: then everybody is one.
    pub fn new(buyers: u64, people: u64) -> Self {
        Self { buyers: buyers.min(people), people }
    }

    /// People with at least one order in the window.
    pub fn buyers(&self) -> u64 {
        self.buyers
    }

    /// Everybody in the arm, as assigned.
    pub fn people(&self) -> u64 {
        self.people
    }

    /// The share of buyers as a fraction of 1; of nobody it is 0.
    pub fn share(&self) -> f64 {
        self.buyers as f64 / self.people.max(1) as f64
    }
}

/// The difference of the buyers' shares, treated − control, as a fraction of 1, with its 95 % limits.
pub fn buyers_share(treated: ArmBuyers, control: ArmBuyers) -> Result<Interval, TooFew> {
    enough_people(treated.people, control.people)?;
    let buyers = treated.buyers + control.buyers;
    if buyers == 0 {
        return Err(TooFew::NobodyBought);
    }
    if buyers >= treated.people + control.people {
        return Err(TooFew::NoVariation);
    }
    let difference = treated.share() - control.share();
    let low = limit(treated, control, Z_TWO_SIDED_95).min(difference);
    let high = limit(treated, control, -Z_TWO_SIDED_95).max(difference);
    Ok(Interval { difference, low, high })
}

/// The supposed difference from which the observed one lies `distance` standard errors away, by halving.
fn limit(treated: ArmBuyers, control: ArmBuyers, distance: f64) -> f64 {
    let (mut low, mut high) = (-1.0, 1.0);
    for _ in 0..48 {
        let middle = (low + high) / 2.0;
        if score(treated, control, middle) > distance { low = middle } else { high = middle }
    }
    (low + high) / 2.0
}

/// How many standard errors the observed difference lies above `supposed`, corrected for skewness.
pub(super) fn score(treated: ArmBuyers, control: ArmBuyers, supposed: f64) -> f64 {
    let (n1, n0) = (treated.people as f64, control.people as f64);
    let (p1, p0) = likely_shares(treated, control, supposed);
    let (v1, v0) = (p1 * (1.0 - p1), p0 * (1.0 - p0));
    let people = n1 + n0;
    let variance = ((v1 / n1 + v0 / n0) * people / (people - 1.0)).max(1e-18);
    let third = v1 * (1.0 - 2.0 * p1) / (n1 * n1) - v0 * (1.0 - 2.0 * p0) / (n0 * n0);
    let plain = (treated.share() - control.share() - supposed) / variance.sqrt();
    let skew = third / (6.0 * variance.powf(1.5));
    if skew.abs() < 1e-9 {
        return plain;
    }
    let root = (1.0 + 4.0 * skew * (plain + skew)).max(0.0).sqrt();
    (root - 1.0) / (2.0 * skew)
}

/// The most likely shares (treated, control) whose difference is `supposed`: the root of the cubic
/// a p³ + b p² + c p + d in closed form.
fn likely_shares(treated: ArmBuyers, control: ArmBuyers, supposed: f64) -> (f64, f64) {
    let (s1, s0) = (treated.share(), control.share());
    let ratio = control.people as f64 / treated.people as f64;
    let a = 1.0 + ratio;
    let b = -(1.0 + ratio + s1 + ratio * s0 + supposed * (ratio + 2.0));
    let c = supposed * supposed + supposed * (2.0 * s1 + ratio + 1.0) + s1 + ratio * s0;
    let d = -s1 * supposed * (1.0 + supposed);
    let third = b / (3.0 * a);
    let v = third.powi(3) - b * c / (6.0 * a * a) + d / (2.0 * a);
    let u = (third * third - c / (3.0 * a)).max(0.0).sqrt().copysign(v);
    let cosine = if u == 0.0 { 0.0 } else { (v / u.powi(3)).clamp(-1.0, 1.0) };
    let angle = (std::f64::consts::PI + cosine.acos()) / 3.0;
    let p1 = (2.0 * u * angle.cos() - third).clamp(supposed.max(0.0), (1.0 + supposed).min(1.0));
    (p1, (p1 - supposed).clamp(0.0, 1.0))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::chance::ln_choose;
    use super::*;

    fn arm(buyers: u64, people: u64) -> ArmBuyers {
        ArmBuyers::new(buyers, people)
    }

    #[test]
    fn the_example_of_124_in_382_against_10_in_41() {
        let interval = buyers_share(arm(124, 382), arm(10, 41)).unwrap();
        let points = [interval.difference, interval.low, interval.high].map(|x| (1_000.0 * x).round() / 10.0);
        assert_eq!(points, [8.1, -7.3, 20.4]);
    }

    #[test]
    fn the_interval_turns_round_when_the_arms_change_places() {
        let forward = buyers_share(arm(30, 90), arm(4, 20)).unwrap();
        let backward = buyers_share(arm(4, 20), arm(30, 90)).unwrap();
        assert!((forward.low + backward.high).abs() < 1e-9 && (forward.high + backward.low).abs() < 1e-9);
    }

    #[test]
    fn the_likely_shares_are_the_most_likely_ones() {
        let ln = |share: f64, arm: ArmBuyers| {
            let silent = (arm.people - arm.buyers) as f64;
            arm.buyers as f64 * share.ln() + silent * (1.0 - share).ln()
        };
        for (treated, control, supposed) in
            [(arm(124, 382), arm(10, 41), -0.1), (arm(5, 20), arm(12, 70), 0.2), (arm(1, 30), arm(29, 30), 0.0)]
        {
            let likelihood = |p1: f64| ln(p1, treated) + ln(p1 - supposed, control);
            let (p1, p0) = likely_shares(treated, control, supposed);
            assert!((p1 - p0 - supposed).abs() < 1e-12);
            assert!(likelihood(p1) >= likelihood(p1 + 1e-4) && likelihood(p1) >= likelihood(p1 - 1e-4));
        }
    }

    #[test]
    fn what_cannot_be_told_says_why() {
        assert_eq!(buyers_share(arm(1, 9), arm(5, 90)), Err(TooFew::SmallArm { people: 9 }));
        assert_eq!(buyers_share(arm(0, 90), arm(0, 90)), Err(TooFew::NobodyBought));
        assert_eq!(buyers_share(arm(90, 90), arm(90, 90)), Err(TooFew::NoVariation));
    }

    #[test]
    fn limits_stay_within_the_possible_and_around_the_difference() {
        for (n1, n0) in [(10, 10), (10, 90), (60, 12)] {
            for x1 in 0..=n1 {
                for x0 in 0..=n0 {
                    let Ok(interval) = buyers_share(arm(x1, n1), arm(x0, n0)) else { continue };
                    assert!(-1.0 <= interval.low && interval.high <= 1.0, "{x1}/{n1} {x0}/{n0} {interval:?}");
                    assert!(interval.low <= interval.difference && interval.difference <= interval.high);
                    assert!(interval.low < interval.high, "{x1}/{n1} {x0}/{n0} {interval:?}");
                }
            }
        }
    }

    /// The exact probability, over all draws of `n0` from `people` of whom `buyers` buy anyway, that the interval
    /// excludes zero.
    fn false_alarms(people: u64, buyers: u64, n0: u64) -> f64 {
        ((n0 + buyers).saturating_sub(people)..=n0.min(buyers))
            .filter(|&x| buyers_share(arm(buyers - x, people - n0), arm(x, n0)).unwrap().excludes_zero())
            .map(|x| (ln_choose(buyers, x) + ln_choose(people - buyers, n0 - x) - ln_choose(people, n0)).exp())
            .sum()
    }

    #[test]
    fn with_nothing_sent_zero_is_excluded_in_five_percent_of_all_draws() {
        // The two sizes of the A/A test, over every possible draw instead of 2,000 random ones.
        assert_eq!((10_000.0 * false_alarms(423, 134, 41)).round(), 505.0);
        assert_eq!((10_000.0 * false_alarms(4_112, 1_301, 2_056)).round(), 518.0);
    }

    #[test]
    fn small_and_rare_cases_do_not_cry_wolf() {
        for (people, buyers, n0) in [
            (423, 20, 41),
            (423, 60, 41),
            (200, 30, 20),
            (1_000, 50, 100),
            (5_000, 100, 500),
            (100, 20, 50),
            (20, 8, 10),
        ] {
            let rate = false_alarms(people, buyers, n0);
            assert!(rate < 0.08, "{people} {buyers} {n0}: {rate}");
        }
    }
}
