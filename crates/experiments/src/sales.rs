//! Sales per head: the difference treated − control with a 95 % interval that holds for heavy-tailed spending.
//!
//! Sales of four weeks are mostly zeros, a few very large amounts and some negative ones (refunds). The mean of 41
//! such people is far from normal, so the limits are not taken from the normal distribution but from chance itself:
//! a randomisation test (Fisher, *The Design of Experiments*, 1935; Pitman 1937), inverted.
//!
//! For a supposed effect δ, δ is taken off everybody in the treated arm. If δ were the truth, the arms would now
//! differ by the luck of the draw only, so the studentised difference
//!
//! ```text
//! t(δ) = (mean(treated) − δ − mean(control)) / √(s²(treated)/n(treated) + s²(control)/n(control))
//! ```
//!
//! is compared with its value in P random rearrangements of the same people. The limits are the values of δ at which
//! the observed t reaches the outer 2.5 % of the rearrangements on either side. Counted are (½ + number beyond + ½
//! number equal) / (P + 1): the real arrangement is one of the possible ones (Dwass 1957), ties count by half (mid-p,
//! Lancaster 1961). When nothing was sent, the test at δ = 0 is exact for any distribution and any arm sizes, so the
//! interval excludes zero in 5 % of draws. Dividing by the standard error makes it hold also when the campaign
//! changes the spread and not only the mean (Chung & Romano, "Exact and asymptotically robust permutation tests",
//! *Annals of Statistics* 2013; Wu & Ding, "Randomization tests for weak null hypotheses", *JASA* 2021); two
//! separate tails rather than |t| because with a small control group the distribution of t is lopsided.
//!
//! Where only a handful of people buy, chance has few outcomes and zero is excluded less often than in 5 %.
//!
//! δ needs no new rearrangements: sums of (y − δ) follow from four sums of each ([`DrawnSums`]), so trying one δ costs
//! P square roots and the limits are found by bisection.

use super::{
    Interval, TooFew, enough_people,
    rearrangement::{DrawnSums, rearrangements},
};

/// Rearrangements for a usual campaign: with 4,999 the probability beyond a limit is 2.5 % ± 0.2 %.
pub const PERMUTATIONS_MAX: usize = 4_999;
/// Never fewer than these; the test stays exact at any number, only its limits get rougher.
const PERMUTATIONS_MIN: usize = 999;
/// Steps of shuffling that a result page may cost; about a second.
const SHUFFLE_STEPS_MAX: u64 = 200_000_000;
/// Fewest people with sales other than zero. With five, even five of five in one of two equal arms is a matter of
/// luck in 1 of 16 draws.
pub(super) const SPENDERS_MIN: u64 = 5;
/// Probability beyond each limit.
const TAIL: f64 = 0.025;
/// Two values of t nearer than this (in standard errors) are the same value but for rounding.
const TIE: f64 = 1e-9;

/// The sales of everybody in one arm within the window, after refunds. People without sales are only counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ArmSales {
    people: u64,
    sales: Vec<i64>,
}

impl ArmSales {
    /// An arm of `people`, with the sales in minor units of those who have any. Zeros may be listed or left out.
    /// More amounts than people cannot be: then there are as many people as amounts.
    pub fn new(people: u64, sales: impl IntoIterator<Item = i64>) -> Self {
        let sales: Vec<i64> = sales.into_iter().filter(|&amount| amount != 0).collect();
        Self { people: people.max(sales.len() as u64), sales }
    }

    /// People in the arm, as assigned.
    pub fn people(&self) -> u64 {
        self.people
    }

    /// Mean sales per head in minor units; of nobody it is 0.
    pub fn per_head(&self) -> f64 {
        self.sum() / self.people.max(1) as f64
    }

    pub(super) fn spenders(&self) -> u64 {
        self.sales.len() as u64
    }

    pub(super) fn sales(&self) -> &[i64] {
        &self.sales
    }

    fn sum(&self) -> f64 {
        self.sales.iter().map(|&amount| amount as f64).sum()
    }

    fn squares(&self) -> f64 {
        self.sales.iter().map(|&amount| (amount as f64).powi(2)).sum()
    }
}

/// How many rearrangements a result page affords: [`PERMUTATIONS_MAX`] up to 40,000 spenders in the smaller arm,
/// fewer beyond, where one rearrangement costs more.
pub fn permutations_for(treated: &ArmSales, control: &ArmSales) -> usize {
    let people = (treated.people + control.people).max(1);
    let spenders = treated.spenders() + control.spenders();
    let steps = (spenders as f64 * treated.people.min(control.people) as f64 / people as f64).max(1.0);
    ((SHUFFLE_STEPS_MAX as f64 / steps) as usize).clamp(PERMUTATIONS_MIN, PERMUTATIONS_MAX)
}

/// The difference of sales per head, treated − control, in minor units, with its 95 % limits.
///
/// `seed` is [`super::permutation_seed`] of the campaign, `permutations` is [`permutations_for`] both arms.
pub fn sales_per_head(
    treated: &ArmSales,
    control: &ArmSales,
    seed: u64,
    permutations: usize,
) -> Result<Interval, TooFew> {
    enough_people(treated.people, control.people)?;
    match treated.spenders() + control.spenders() {
        0 => return Err(TooFew::NobodyBought),
        spenders @ 1..SPENDERS_MIN => return Err(TooFew::FewSpenders { spenders }),
        _ => {}
    }
    // Only the smaller arm is drawn. The question is the same from either side, but for its sign.
    if treated.people >= control.people {
        return Inversion::new(treated, control, seed, permutations)?.interval();
    }
    let mirrored = Inversion::new(control, treated, seed, permutations)?.interval()?;
    Ok(Interval { difference: -mirrored.difference, low: -mirrored.high, high: -mirrored.low })
}

/// The size of an arm, with its divisions done once: the test needs them a million times.
struct Size {
    people: f64,
    per_head: f64,
    per_pair: f64,
}

impl Size {
    fn of(arm: &ArmSales) -> Self {
        let people = arm.people as f64;
        Self { people, per_head: 1.0 / people, per_pair: 1.0 / (people * (people - 1.0)) }
    }

    /// The squared standard error of the mean, from a sum and a sum of squares.
    fn squared_error(&self, sum: f64, squares: f64) -> f64 {
        ((squares - sum * sum * self.per_head) * self.per_pair).max(0.0)
    }
}

/// The inverted test for larger arm − smaller arm.
struct Inversion {
    larger: Size,
    smaller: Size,
    sum: f64,
    squares: f64,
    sum_larger: f64,
    difference: f64,
    standard_error: f64,
    drawn: Vec<DrawnSums>,
}

impl Inversion {
    fn new(larger: &ArmSales, smaller: &ArmSales, seed: u64, permutations: usize) -> Result<Self, TooFew> {
        let (sum_larger, sum_smaller) = (larger.sum(), smaller.sum());
        let mut inversion = Self {
            larger: Size::of(larger),
            smaller: Size::of(smaller),
            sum: sum_larger + sum_smaller,
            squares: larger.squares() + smaller.squares(),
            sum_larger,
            difference: larger.per_head() - smaller.per_head(),
            standard_error: 0.0,
            drawn: Vec::new(),
        };
        inversion.standard_error = inversion.error_of(sum_larger, larger.squares(), sum_smaller, smaller.squares());
        if inversion.standard_error <= 0.0 {
            return Err(TooFew::NoVariation);
        }
        inversion.drawn = rearrangements(larger, smaller, permutations, seed);
        Ok(inversion)
    }

    fn interval(&self) -> Result<Interval, TooFew> {
        let low = self.limit(-1.0)?;
        let high = self.limit(1.0)?;
        Ok(Interval { difference: self.difference, low, high })
    }

    /// The standard error of the difference of two means from sums and sums of squares.
    fn error_of(&self, sum_larger: f64, squares_larger: f64, sum_smaller: f64, squares_smaller: f64) -> f64 {
        let of_larger = self.larger.squared_error(sum_larger, squares_larger);
        (of_larger + self.smaller.squared_error(sum_smaller, squares_smaller)).sqrt()
    }

    /// The limit on one side (`side` −1 below, +1 above): outwards until the test says no, then by halving.
    fn limit(&self, side: f64) -> Result<f64, TooFew> {
        let is_plausible = |distance: f64| self.tail(self.difference + side * distance, side) > TAIL;
        let (mut inside, mut outside) = (0.0, 2.0 * self.standard_error);
        while is_plausible(outside) {
            (inside, outside) = (outside, outside * 1.5);
            if outside > 1e6 * self.standard_error {
                return Err(TooFew::NotBounded);
            }
        }
        for _ in 0..24 {
            let middle = (inside + outside) / 2.0;
            if is_plausible(middle) { inside = middle } else { outside = middle }
        }
        Ok(self.difference + side * outside)
    }

    /// How probable it is, if `shift` were the truth, that luck alone takes the difference at least as far from it
    /// as observed: upwards for the lower limit (`side` −1), downwards for the upper one.
    fn tail(&self, shift: f64, side: f64) -> f64 {
        let observed = (self.difference - shift) / self.standard_error;
        let sum = self.sum - shift * self.larger.people;
        let squares = self.squares - 2.0 * shift * self.sum_larger + shift * shift * self.larger.people;
        let beyond: f64 = self
            .drawn
            .iter()
            .map(|drawn| {
                let sum_smaller = drawn.sales - shift * drawn.people_moved;
                let squares_smaller =
                    drawn.squares - 2.0 * shift * drawn.sales_moved + shift * shift * drawn.people_moved;
                let sum_larger = sum - sum_smaller;
                let error = self.error_of(sum_larger, squares - squares_smaller, sum_smaller, squares_smaller);
                let difference = sum_larger * self.larger.per_head - sum_smaller * self.smaller.per_head;
                let excess = side * (observed * error - difference);
                weight(excess, TIE * error.max(self.standard_error))
            })
            .sum();
        (0.5 + beyond) / (self.drawn.len() as f64 + 1.0)
    }
}

/// 1 for beyond, ½ for equal, 0 for less.
fn weight(excess: f64, tie: f64) -> f64 {
    if excess > tie {
        1.0
    } else if excess >= -tie {
        0.5
    } else {
        0.0
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{super::chance::Chance, *};

    fn arm(people: u64, sales: &[i64]) -> ArmSales {
        ArmSales::new(people, sales.iter().copied())
    }

    #[test]
    fn the_interval_turns_round_when_the_arms_change_places() {
        let (some, more) = (arm(50, &[100, 250, -30, 900, 40]), arm(80, &[500, 700, 20, 20, 3_000, 10]));
        let forward = sales_per_head(&more, &some, 1, 999).unwrap();
        let backward = sales_per_head(&some, &more, 1, 999).unwrap();
        assert_eq!(forward.difference, -backward.difference);
        assert_eq!((forward.low, forward.high), (-backward.high, -backward.low));
        assert!(forward.low < forward.difference && forward.difference < forward.high);
    }

    #[test]
    fn zeros_may_be_listed_or_left_out() {
        assert_eq!(arm(4, &[0, 5, 0, 7]), arm(4, &[5, 7]));
        assert_eq!(arm(4, &[0, 5, 0, 7]).per_head(), 3.0);
    }

    #[test]
    fn the_same_campaign_always_shows_the_same_interval() {
        let (some, more) = (arm(50, &[100, 250, -30, 900, 40]), arm(80, &[500, 700, 20, 20, 3_000, 10]));
        assert_eq!(sales_per_head(&more, &some, 7, 999), sales_per_head(&more, &some, 7, 999));
    }

    #[test]
    fn what_cannot_be_told_says_why() {
        let spent = [100, 200, 300, 400, 500];
        assert_eq!(sales_per_head(&arm(90, &spent), &arm(9, &[]), 1, 99), Err(TooFew::SmallArm { people: 9 }));
        assert_eq!(sales_per_head(&arm(90, &[]), &arm(90, &[0]), 1, 99), Err(TooFew::NobodyBought));
        let few = sales_per_head(&arm(90, &spent[..3]), &arm(90, &spent[..1]), 1, 99);
        assert_eq!(few, Err(TooFew::FewSpenders { spenders: 4 }));
        assert_eq!(sales_per_head(&arm(10, &[5; 10]), &arm(10, &[5; 10]), 1, 99), Err(TooFew::NoVariation));
    }

    #[test]
    fn the_interval_excludes_zero_exactly_when_the_test_at_zero_says_no() {
        let mut chance = Chance::from_seed(8);
        let mut excluded = 0;
        for seed in 0..400 {
            // Most spend nothing, some are refunded, a few spend a hundred times as much as others.
            let mut draw = |people: u64, spenders: usize| {
                let amount = |chance: &mut Chance| (900.0 / (chance.fraction() + 0.01)) as i64 - 1_000;
                ArmSales::new(people, (0..spenders).map(|_| amount(&mut chance)).collect::<Vec<_>>())
            };
            let (larger, smaller) = (draw(90, 40), draw(20, 4));
            let inversion = Inversion::new(&larger, &smaller, seed, 199).unwrap();
            let is_rejected = inversion.tail(0.0, -1.0) <= TAIL || inversion.tail(0.0, 1.0) <= TAIL;
            assert_eq!(inversion.interval().unwrap().excludes_zero(), is_rejected, "{seed}");
            excluded += usize::from(is_rejected);
        }
        assert!((20..380).contains(&excluded), "{excluded}");
    }

    #[test]
    fn normal_data_get_the_interval_of_the_t_test() {
        // Two arms of 40 with evenly spread values: by the book, difference ± 1.99 standard errors.
        let values = |shift: i64| -> Vec<i64> { (0..40).map(|k| 1_000 + shift + 10 * ((k * 17) % 40)).collect() };
        let interval = sales_per_head(&arm(40, &values(60)), &arm(40, &values(0)), 3, 4_999).unwrap();
        let half = (interval.high - interval.low) / 2.0;
        let by_the_book = 1.99 * (2.0 * (1_600.0 - 1.0) / 12.0 * 40.0 / 39.0 * 100.0 / 40.0_f64).sqrt();
        assert!((half / by_the_book - 1.0).abs() < 0.05, "{half} {by_the_book}");
    }

    #[test]
    fn a_large_shop_gets_fewer_rearrangements() {
        let arm_of = |people: u64, spenders: usize| ArmSales::new(people, std::iter::repeat_n(1, spenders));
        assert_eq!(permutations_for(&arm_of(2_056, 650), &arm_of(2_056, 650)), PERMUTATIONS_MAX);
        assert_eq!(permutations_for(&arm_of(500_000, 150_000), &arm_of(500_000, 150_000)), 1_333);
    }
}
