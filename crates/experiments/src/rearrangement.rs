//! Random rearrangements of people over the two arms, and the few sums that a test needs of each.
//!
//! Most people buy nothing in four weeks. They are not walked through one by one: how many of them fall into the
//! drawn arm is one hypergeometric draw, and only people with sales are shuffled (Fisher & Yates). A rearrangement
//! of a million people so costs as much as the smaller arm has spenders.

use super::{chance::Chance, sales::ArmSales};

/// Sums over the people whom one rearrangement puts into the smaller arm.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct DrawnSums {
    /// Sum of sales.
    pub(super) sales: f64,
    /// Sum of squared sales.
    pub(super) squares: f64,
    /// Sum of sales of those who really are in the larger arm.
    pub(super) sales_moved: f64,
    /// Number of those who really are in the larger arm.
    pub(super) people_moved: f64,
}

impl DrawnSums {
    fn add(&mut self, spender: Spender) {
        self.sales += spender.sales;
        self.squares += spender.sales * spender.sales;
        self.sales_moved += spender.sales * spender.is_of_larger;
        self.people_moved += spender.is_of_larger;
    }

    fn minus(&self, other: &Self) -> Self {
        Self {
            sales: self.sales - other.sales,
            squares: self.squares - other.squares,
            sales_moved: self.sales_moved - other.sales_moved,
            people_moved: self.people_moved - other.people_moved,
        }
    }
}

/// A person with sales other than zero; membership as 0 or 1 keeps the inner loop free of branches.
#[derive(Debug, Clone, Copy)]
struct Spender {
    sales: f64,
    is_of_larger: f64,
}

/// Draws `count` rearrangements that keep the sizes of the arms.
pub(super) fn rearrangements(larger: &ArmSales, smaller: &ArmSales, count: usize, seed: u64) -> Vec<DrawnSums> {
    let mut chance = Chance::from_seed(seed);
    let mut spenders = spenders(larger, smaller);
    let mut all = DrawnSums::default();
    spenders.iter().for_each(|&spender| all.add(spender));
    let people = larger.people() + smaller.people();
    let silent_of_larger = larger.people() - larger.spenders();
    let silent = silent_of_larger + smaller.people() - smaller.spenders();
    (0..count)
        .map(|_| {
            let drawn = chance.hypergeometric(people, spenders.len() as u64, smaller.people());
            let mut sums = draw_spenders(&mut spenders, &all, drawn as usize, &mut chance);
            let silent_drawn = smaller.people() - drawn;
            sums.people_moved += chance.hypergeometric(silent, silent_of_larger, silent_drawn) as f64;
            sums
        })
        .collect()
}

fn spenders(larger: &ArmSales, smaller: &ArmSales) -> Vec<Spender> {
    let of = |arm: &ArmSales, is_of_larger: f64| -> Vec<Spender> {
        arm.sales().iter().map(|&sales| Spender { sales: sales as f64, is_of_larger }).collect()
    };
    [of(larger, 1.0), of(smaller, 0.0)].concat()
}

/// Draws `drawn` spenders without putting back; when that is more than half, draws those who stay out.
fn draw_spenders(spenders: &mut [Spender], all: &DrawnSums, drawn: usize, chance: &mut Chance) -> DrawnSums {
    let left_out = spenders.len() - drawn;
    if left_out < drawn {
        return all.minus(&shuffled_sums(spenders, left_out, chance));
    }
    shuffled_sums(spenders, drawn, chance)
}

/// The first `drawn` steps of a shuffle. It starts from the last order, which is as good as any.
fn shuffled_sums(spenders: &mut [Spender], drawn: usize, chance: &mut Chance) -> DrawnSums {
    let mut sums = DrawnSums::default();
    for position in 0..drawn {
        let other = position + chance.below(spenders.len() - position);
        spenders.swap(position, other);
        sums.add(spenders[position]);
    }
    sums
}
