//! The harm line: whether people unsubscribe from a campaign more than usual, so that it should stop.
//!
//! The question is asked after every event, so a p-value for a fixed number of deliveries would cry wolf sooner or
//! later. Instead the evidence is a bet against "the rate is the usual one or lower" (Ville 1939; Robbins 1970; Shafer,
//! "Testing by betting", *JRSS A* 2021): a stake of 1 is spread evenly over eight alternatives, two to 64 times the usual odds,
//!
//! ```text
//! evidence = mean over q of (q/usual)^unsubscribed · ((1 − q)/(1 − usual))^(delivered − unsubscribed)
//! ```
//!
//! While the rate is usual or lower, the evidence does not grow on average however often one looks, and the
//! probability that it *ever* reaches 1/ε is at most ε (Ville's inequality). With ε = 1 % at most one harmless campaign
//! in a hundred is warned about or stopped, over its whole life. Unsubscribes that come later than deliveries do not
//! break this: what has not come yet counts as "stayed", which only lowers the evidence.
//!
//! A campaign stops when the evidence is there *and* the rate so far is at the stop line. A sure but small excess warns.

/// What is usual, and where to stop.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HarmLine {
    /// The usual share of delivered messages that are followed by an unsubscribe, as a fraction.
    pub usual: f64,
    /// The share from which a campaign stops, as a fraction.
    pub stop: f64,
    /// The probability that a harmless campaign is ever called harmful.
    pub error: f64,
}

impl HarmLine {
    /// Unsubscribes per delivered message where there is no history.
    pub const USUAL_DEFAULT: f64 = 0.005;
    /// The rate from which a campaign stops unless set otherwise.
    pub const STOP_DEFAULT: f64 = 0.02;
    /// One harmless campaign in a hundred.
    pub const ERROR_DEFAULT: f64 = 0.01;

    /// The line for a shop with this usual rate, if it has one.
    pub fn for_usual(usual: Option<f64>) -> Self {
        Self { usual: usual.unwrap_or(Self::USUAL_DEFAULT), ..Self::default() }
    }

    /// The usual rate within what can be bet against: "never" and "half of them" are not usual.
    fn usual_within_reason(&self) -> f64 {
        if self.usual.is_nan() { Self::USUAL_DEFAULT } else { self.usual.clamp(0.000_1, 0.5) }
    }
}

impl Default for HarmLine {
    fn default() -> Self {
        Self { usual: Self::USUAL_DEFAULT, stop: Self::STOP_DEFAULT, error: Self::ERROR_DEFAULT }
    }
}

/// What the harm line says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HarmVerdict {
    /// Nothing speaks for more than usual.
    Usual,
    /// Certainly more than usual, below the stop line.
    AboveUsual,
    /// Certainly more than usual and at the stop line or above.
    Stop,
}

/// The harm line of a campaign at this moment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HarmReading {
    /// What to do.
    pub verdict: HarmVerdict,
    /// Unsubscribes per delivered message so far, as a fraction.
    pub rate: f64,
    /// The evidence for more than usual: 1 at the start, 100 is needed at an error of 1 %.
    pub evidence: f64,
}

/// Reads the harm line. May be asked after every event.
pub fn harm(unsubscribed: u64, delivered: u64, line: &HarmLine) -> HarmReading {
    let delivered = delivered.max(unsubscribed);
    let rate = unsubscribed as f64 / delivered.max(1) as f64;
    let evidence = evidence(unsubscribed, delivered, line.usual_within_reason());
    let is_sure = evidence * line.error >= 1.0;
    let verdict = match (is_sure, rate >= line.stop) {
        (false, _) => HarmVerdict::Usual,
        (true, false) => HarmVerdict::AboveUsual,
        (true, true) => HarmVerdict::Stop,
    };
    HarmReading { verdict, rate, evidence }
}

/// The alternatives that the stake is spread over, as a multiple of the usual odds.
const ODDS_RATIOS: [f64; 8] = [2.0, 3.0, 4.0, 6.0, 10.0, 16.0, 32.0, 64.0];

/// The mean likelihood ratio against the usual rate. Odds keep every alternative below 1.
fn evidence(unsubscribed: u64, delivered: u64, usual: f64) -> f64 {
    let (left, stayed) = (unsubscribed as f64, (delivered - unsubscribed) as f64);
    let bet = |ratio: f64| {
        let odds = ratio * usual / (1.0 - usual);
        let alternative = odds / (1.0 + odds);
        (left * (alternative / usual).ln() + stayed * ((1.0 - alternative) / (1.0 - usual)).ln()).exp()
    };
    ODDS_RATIOS.iter().map(|&ratio| bet(ratio)).sum::<f64>().min(f64::MAX) / ODDS_RATIOS.len() as f64
}

#[cfg(test)]
mod tests {
    use super::super::chance::Chance;
    use super::*;

    fn verdict(unsubscribed: u64, delivered: u64) -> HarmVerdict {
        harm(unsubscribed, delivered, &HarmLine::default()).verdict
    }

    /// Watches a campaign after each of `deliveries`; returns after how many it was called harmful.
    fn called_after(rate: f64, deliveries: u64, line: &HarmLine, chance: &mut Chance) -> Option<u64> {
        let mut unsubscribed = 0;
        (1..=deliveries).find(|&delivered| {
            unsubscribed += u64::from(chance.fraction() < rate);
            harm(unsubscribed, delivered, line).verdict != HarmVerdict::Usual
        })
    }

    #[test]
    fn examples() {
        use HarmVerdict::{AboveUsual, Stop, Usual};
        let cases = [
            (0, 0, Usual),
            (1, 1, Usual),
            (1, 10, Usual),
            (2, 100, Usual),
            (5, 100, Stop),
            (50, 10_000, Usual),
            (100, 10_000, AboveUsual),
            (200, 10_000, Stop),
        ];
        for (unsubscribed, delivered, expected) in cases {
            assert_eq!(verdict(unsubscribed, delivered), expected, "{unsubscribed} of {delivered}");
        }
    }

    #[test]
    fn a_shop_with_another_usual_rate_is_judged_by_its_own() {
        assert_eq!(harm(200, 10_000, &HarmLine::for_usual(Some(0.02))).verdict, HarmVerdict::Usual);
        assert_eq!(harm(30, 10_000, &HarmLine::for_usual(Some(0.001))).verdict, HarmVerdict::AboveUsual);
    }

    #[test]
    fn numbers_that_cannot_be_do_no_damage() {
        assert_eq!(harm(5, 3, &HarmLine::default()).rate, 1.0);
        for usual in [f64::NAN, 0.0, -1.0, 1.0] {
            assert!(harm(5, 300, &HarmLine::for_usual(Some(usual))).evidence.is_finite());
        }
        let nearly_all = harm(9_000, 10_000, &HarmLine::default());
        assert_eq!(nearly_all.verdict, HarmVerdict::Stop);
        assert!(nearly_all.evidence.is_finite());
    }

    #[test]
    fn looking_after_every_event_calls_at_most_one_harmless_campaign_in_a_hundred() {
        let mut chance = Chance::from_seed(5);
        let line = HarmLine::default();
        let called = (0..2_000).filter(|_| called_after(line.usual, 5_000, &line, &mut chance).is_some()).count();
        assert!(called <= 20, "{called} of 2,000");
    }

    #[test]
    fn a_harmful_campaign_is_called_within_a_few_hundred_deliveries() {
        let mut chance = Chance::from_seed(6);
        let mut after: Vec<u64> =
            (0..201).filter_map(|_| called_after(0.03, 5_000, &HarmLine::default(), &mut chance)).collect();
        assert_eq!(after.len(), 201);
        after.sort_unstable();
        assert!(after[100] < 350, "{}", after[100]);
    }
}
