//! Chance, made by arithmetic: random numbers from a seed, factorials, hypergeometric draws.
//!
//! Invariant: the same seed gives the same numbers on every machine and in every release, so a result page does
//! not change when Najimi is updated. The generator is therefore named (xoshiro256++, Blackman & Vigna,
//! "Scrambled Linear Pseudorandom Number Generators", 2021) and not "the default one".

use rand::{Rng, SeedableRng, rngs::Xoshiro256PlusPlus};

/// The normal quantile of 97.5 %: the limit of a two-sided 95 % interval.
pub(super) const Z_TWO_SIDED_95: f64 = 1.959_963_984_540_054;
/// The normal quantile of 80 %: the power that is promised.
pub(super) const Z_POWER_80: f64 = 0.841_621_233_572_914;

/// A stream of random numbers.
pub(super) struct Chance(Xoshiro256PlusPlus);

impl Chance {
    pub(super) fn from_seed(seed: u64) -> Self {
        Self(Xoshiro256PlusPlus::seed_from_u64(seed))
    }

    /// A whole number from 0 to `bound` − 1, by multiplication (Lemire, "Fast Random Integer Generation in an
    /// Interval", 2019, without its rejection step: the bias is below `bound` / 2⁶⁴).
    pub(super) fn below(&mut self, bound: usize) -> usize {
        ((u128::from(self.0.next_u64()) * bound as u128) >> 64) as usize
    }

    /// A fraction, 0 included, 1 not.
    pub(super) fn fraction(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// How many marked ones are among `drawn` taken without putting back from `population`, of which `marked`
    /// are marked. By inversion, outwards from the most probable number, so a draw costs about as many steps as
    /// the standard deviation is large (Devroye, *Non-Uniform Random Variate Generation*, 1986, III.2 and X.4).
    pub(super) fn hypergeometric(&mut self, population: u64, marked: u64, drawn: u64) -> u64 {
        let law = Hypergeometric { population, marked, drawn };
        let (least, most) = law.range();
        let mode = law.mode().clamp(least, most);
        let (mut low, mut high) = (mode, mode);
        let (mut at_low, mut at_high) = (law.probability(mode), law.probability(mode));
        let mut left = self.fraction() - at_low;
        while left >= 0.0 && (low > least || high < most) {
            if high < most {
                at_high *= law.ratio_up(high);
                high += 1;
                left -= at_high;
                if left < 0.0 {
                    return high;
                }
            }
            if low > least {
                at_low /= law.ratio_up(low - 1);
                low -= 1;
                left -= at_low;
                if left < 0.0 {
                    return low;
                }
            }
        }
        mode
    }
}

struct Hypergeometric {
    population: u64,
    marked: u64,
    drawn: u64,
}

impl Hypergeometric {
    fn range(&self) -> (u64, u64) {
        ((self.drawn + self.marked).saturating_sub(self.population), self.drawn.min(self.marked))
    }

    fn mode(&self) -> u64 {
        let product = u128::from(self.drawn + 1) * u128::from(self.marked + 1);
        (product / u128::from(self.population + 2)) as u64
    }

    fn probability(&self, count: u64) -> f64 {
        let unmarked = self.population - self.marked;
        (ln_choose(self.marked, count) + ln_choose(unmarked, self.drawn - count)
            - ln_choose(self.population, self.drawn))
        .exp()
    }

    /// P(count + 1) / P(count).
    fn ratio_up(&self, count: u64) -> f64 {
        let above = (self.marked - count) as f64 * (self.drawn - count) as f64;
        let below = (count + 1) as f64 * (self.population + count + 1 - self.marked - self.drawn) as f64;
        above / below
    }
}

/// ln(n over k).
pub(super) fn ln_choose(from: u64, chosen: u64) -> f64 {
    ln_factorial(from) - ln_factorial(chosen) - ln_factorial(from - chosen)
}

/// ln(n!): summed up to 15, beyond by Stirling's series (Abramowitz & Stegun 6.1.41), error below 10⁻¹².
fn ln_factorial(number: u64) -> f64 {
    if number < 16 {
        return (2..=number).map(|factor| (factor as f64).ln()).sum();
    }
    let n = number as f64;
    let series = (1.0 / 12.0 - (1.0 / 360.0 - 1.0 / (1260.0 * n * n)) / (n * n)) / n;
    (n + 0.5) * n.ln() - n + 0.5 * (2.0 * std::f64::consts::PI).ln() + series
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn factorials_are_exact_on_both_sides_of_the_switch() {
        let summed = |n: u64| (2..=n).map(|factor| (factor as f64).ln()).sum::<f64>();
        for n in [0, 1, 15, 16, 17, 170, 5_000] {
            assert!((ln_factorial(n) - summed(n)).abs() <= 1e-12 * summed(n).max(1.0), "{n}");
        }
    }

    #[test]
    fn hypergeometric_draws_have_their_mean_and_spread() {
        for (population, marked, drawn) in [(423, 134, 41), (10, 9, 8), (4_112, 1_301, 2_056), (5, 5, 3), (7, 0, 3)] {
            let mut chance = Chance::from_seed(1);
            let draws: Vec<f64> =
                (0..20_000).map(|_| chance.hypergeometric(population, marked, drawn) as f64).collect();
            let mean = draws.iter().sum::<f64>() / 20_000.0;
            let variance = draws.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 20_000.0;
            let (n, m, k) = (population as f64, marked as f64, drawn as f64);
            let expected = k * m / n * (1.0 - m / n) * (n - k) / (n - 1.0);
            assert!((mean - k * m / n).abs() <= 5.0 * (expected / 20_000.0).sqrt(), "{mean}");
            assert!((variance - expected).abs() <= 0.05 * expected, "{variance} {expected}");
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_numbers_for_ever() {
        let mut chance = Chance::from_seed(42);
        let numbers: Vec<usize> = (0..6).map(|_| chance.below(1_000)).collect();
        assert_eq!(numbers, [814, 318, 983, 701, 793, 588]);
    }
}
