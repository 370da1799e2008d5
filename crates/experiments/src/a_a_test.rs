//! A/A: the intervals on real orders with nothing sent, and with an effect that is known because it was planted.
//!
//! `testdata/held_back_28_days.csv`: what 4,112 real customers did in the 28 days that the demo holds back.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

use super::{ArmBuyers, ArmSales, Interval, buyers_share, chance::Chance, sales_per_head};

const SPLITS: usize = 2_000;
/// Fewer than a result page uses, for the time of the test. The test at zero is exact at any number.
const PERMUTATIONS: usize = 999;

#[derive(Clone, Copy)]
struct Person {
    is_lapsing_regular: bool,
    is_buyer: bool,
    sales: i64,
}

fn everybody() -> Vec<Person> {
    include_str!("../testdata/held_back_28_days.csv")
        .lines()
        .filter(|line| !line.starts_with('#') && !line.starts_with("customer"))
        .map(|line| {
            let fields: Vec<&str> = line.split(',').collect();
            let (is_lapsing_regular, is_buyer) = (fields[1] == "1", fields[2] == "1");
            Person { is_lapsing_regular, is_buyer, sales: fields[3].parse().unwrap() }
        })
        .collect()
}

fn lapsing_regulars() -> Vec<Person> {
    everybody().into_iter().filter(|person| person.is_lapsing_regular).collect()
}

/// What each person does without and with the campaign.
struct World {
    without: Vec<Person>,
    with: Vec<Person>,
}

impl World {
    fn true_share(&self) -> f64 {
        let buyers = |people: &[Person]| people.iter().filter(|person| person.is_buyer).count() as f64;
        (buyers(&self.with) - buyers(&self.without)) / self.with.len() as f64
    }

    fn true_sales(&self) -> f64 {
        let sales = |people: &[Person]| people.iter().map(|person| person.sales).sum::<i64>() as f64;
        (sales(&self.with) - sales(&self.without)) / self.with.len() as f64
    }

    /// Splits the people at random, lets each arm live its life, and measures: share, sales.
    fn measure(&self, order: &mut [usize], control: usize, chance: &mut Chance) -> (Interval, Interval) {
        for position in 0..control {
            let other = position + chance.below(order.len() - position);
            order.swap(position, other);
        }
        let control: Vec<Person> = order[..control].iter().map(|&index| self.without[index]).collect();
        let treated: Vec<Person> = order[control.len()..].iter().map(|&index| self.with[index]).collect();
        let seed = chance.below(usize::MAX) as u64;
        let sales = sales_per_head(&amounts(&treated), &amounts(&control), seed, PERMUTATIONS).unwrap();
        (buyers_share(buyers(&treated), buyers(&control)).unwrap(), sales)
    }

    fn measure_often(&self, splits: usize, control: usize, seed: u64) -> (Vec<Interval>, Vec<Interval>) {
        let mut chance = Chance::from_seed(seed);
        let mut order: Vec<usize> = (0..self.with.len()).collect();
        (0..splits).map(|_| self.measure(&mut order, control, &mut chance)).unzip()
    }
}

fn buyers(people: &[Person]) -> ArmBuyers {
    let buyers = people.iter().filter(|person| person.is_buyer).count() as u64;
    ArmBuyers::new(buyers, people.len() as u64)
}

fn amounts(people: &[Person]) -> ArmSales {
    ArmSales::new(people.len() as u64, people.iter().map(|person| person.sales))
}

/// The percentage of intervals for which `claim` is true.
fn percent(intervals: &[Interval], claim: impl Fn(&Interval) -> bool) -> f64 {
    100.0 * intervals.iter().filter(|interval| claim(interval)).count() as f64 / intervals.len() as f64
}

/// The percentages of splits that exclude zero: above, below.
fn print_rates(name: &str, what: &str, intervals: &[Interval]) -> f64 {
    let above = percent(intervals, |interval| interval.low > 0.0);
    let below = percent(intervals, |interval| interval.high < 0.0);
    println!("A/A {name} {what}: {:.2} % exclude zero ({above:.2} above, {below:.2} below)", above + below);
    above + below
}

/// Measures 2,000 splits with nothing sent and holds both intervals to 3–6 %.
fn hold_a_a(name: &str, people: Vec<Person>, control: usize) {
    let world = World { with: people.clone(), without: people };
    let (share, sales) = world.measure_often(SPLITS, control, 20_111_111);
    for (what, intervals) in [("buyers' share", share), ("sales per head", sales)] {
        let rate = print_rates(name, what, &intervals);
        assert!((3.0..=6.0).contains(&rate), "{name} {what}: {rate}");
    }
}

#[test]
fn the_people_are_those_of_the_orders() {
    let (all, some) = (everybody(), lapsing_regulars());
    assert_eq!((all.len(), some.len()), (4_112, 423));
    assert_eq!((buyers(&all).buyers, buyers(&some).buyers), (1_301, 134));
    assert_eq!(all.iter().map(|person| person.sales).sum::<i64>(), 92_129_131);
}

#[test]
fn with_nothing_sent_41_against_382_exclude_zero_in_3_to_6_percent() {
    hold_a_a("41/382", lapsing_regulars(), 41);
}

#[test]
fn with_nothing_sent_2056_against_2056_exclude_zero_in_3_to_6_percent() {
    hold_a_a("2,056/2,056", everybody(), 2_056);
}

/// The interval that the normal distribution would give: difference ± 1.96 standard errors.
fn normal_interval(treated: &[f64], control: &[f64]) -> Interval {
    let moments = |arm: &[f64]| {
        let (n, sum) = (arm.len() as f64, arm.iter().sum::<f64>());
        let squares: f64 = arm.iter().map(|value| (value - sum / n).powi(2)).sum();
        (sum / n, squares / (n * (n - 1.0)))
    };
    let ((high_mean, high_error), (low_mean, low_error)) = (moments(treated), moments(control));
    let (difference, margin) = (high_mean - low_mean, 1.96 * (high_error + low_error).sqrt());
    Interval { difference, low: difference - margin, high: difference + margin }
}

/// How often normal intervals exclude zero with nothing sent, in percent.
fn normal_rate(name: &str, values: Vec<f64>, control: usize) -> f64 {
    let mut chance = Chance::from_seed(20_111_111);
    let mut values = values;
    let intervals: Vec<Interval> = (0..SPLITS)
        .map(|_| {
            for position in 0..control {
                let other = position + chance.below(values.len() - position);
                values.swap(position, other);
            }
            normal_interval(&values[control..], &values[..control])
        })
        .collect();
    print_rates(name, "by the normal distribution", &intervals)
}

/// The orders as they would stand had the largest refund (£168,469.60, customer 16446) come after the window.
fn everybody_with_the_late_refund() -> Vec<Person> {
    let mut people = everybody();
    let customer = people.iter_mut().find(|person| person.is_buyer && person.sales == 0);
    customer.expect("customer 16446 bought and returned").sales = 16_846_960;
    people
}

#[test]
fn normal_intervals_would_not_hold() {
    let sales = |people: Vec<Person>| people.iter().map(|person| person.sales as f64).collect();
    let shares = |people: Vec<Person>| people.iter().map(|person| f64::from(person.is_buyer)).collect();
    assert!(normal_rate("41/382 sales", sales(lapsing_regulars()), 41) > 6.0);
    assert!(normal_rate("41/382 share", shares(lapsing_regulars()), 41) > 6.0);
    normal_rate("2,056/2,056 sales", sales(everybody()), 2_056);
    assert!(normal_rate("2,056/2,056 late refund", sales(everybody_with_the_late_refund()), 2_056) < 1.0);
}

#[test]
fn one_enormous_order_does_not_spoil_the_rate() {
    hold_a_a("2,056/2,056 late refund", everybody_with_the_late_refund(), 2_056);
}

/// A campaign that turns 6 of 100 people into buyers, who spend what real buyers spent.
fn six_points_more() -> World {
    let without = everybody();
    let amounts: Vec<i64> = without.iter().filter(|person| person.is_buyer).map(|person| person.sales).collect();
    let mut chance = Chance::from_seed(6);
    let mut with = without.clone();
    let mut silent: Vec<&mut Person> = with.iter_mut().filter(|person| !person.is_buyer).collect();
    for position in 0..247 {
        let other = position + chance.below(silent.len() - position);
        silent.swap(position, other);
        silent[position].is_buyer = true;
        silent[position].sales += amounts[chance.below(amounts.len())];
    }
    World { without, with }
}

#[test]
fn a_planted_effect_of_six_points_is_found_and_covered() {
    let world = six_points_more();
    assert!((world.true_share() - 0.06).abs() < 0.000_1);
    let (share, sales) = world.measure_often(1_000, 2_056, 1);
    let found = percent(&share, |interval| interval.low > 0.0);
    let covered = percent(&share, |interval| interval.covers(world.true_share()));
    let sales_covered = percent(&sales, |interval| interval.covers(world.true_sales()));
    println!(
        "+6 points at 2,056/2,056: found {found:.1} %, covered {covered:.1} %, sales covered {sales_covered:.1} %"
    );
    assert!(found > 95.0, "{found}");
    assert!((93.0..=97.5).contains(&covered), "{covered}");
    assert!((93.0..=97.5).contains(&sales_covered), "{sales_covered}");
}

#[test]
fn sales_that_grow_with_what_people_spend_anyway_are_covered() {
    // A fifth more from everybody: the spread grows too, which a test of pure shifts gets wrong.
    for (name, people, control) in [("41/382", lapsing_regulars(), 41), ("411/3,701", everybody(), 411)] {
        let with = people.iter().map(|person| Person { sales: person.sales * 6 / 5, ..*person }).collect();
        let world = World { without: people, with };
        let (_, sales) = world.measure_often(1_000, control, 2);
        let covered = percent(&sales, |interval| interval.covers(world.true_sales()));
        println!("sales × 1.2 at {name}: covered {covered:.1} %");
        assert!((93.0..=97.5).contains(&covered), "{name}: {covered}");
    }
}
