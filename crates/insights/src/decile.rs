//! Deciles: the buyers of a period in ten equal groups by what they bought in it after refunds.
//!
//! Equal amounts are put in order by the person's number, so the same people are in the same group each time. Where the
//! number does not divide by ten, the first groups have one person more.

use crate::{
    Figures, InsightsError,
    buyers::{average, count, share},
    cache::Question,
};
use roaring::RoaringBitmap;
use std::{ops::Range, sync::Arc};
use vocabulary::Day;

/// Groups.
const GROUPS: usize = 10;
/// Longest period: ten years.
pub(crate) const DAYS_MAX: i64 = 3_660;

/// One tenth of the buyers.
#[derive(Clone, Debug, PartialEq)]
pub struct Decile {
    /// 1 for those who bought most, to 10.
    pub decile: usize,
    /// How many people.
    pub people: i64,
    /// What they bought in the period.
    pub sales: i64,
    /// That as a part of all sales of the period.
    pub share: f64,
    /// The same, with all groups before.
    pub cumulative: f64,
    /// What one of them bought on average.
    pub average: i64,
    /// What the last of them bought.
    pub from: i64,
}

/// The ten groups of a period.
#[derive(Clone, Debug, PartialEq)]
pub struct Deciles {
    /// The last day of the period.
    pub as_of: Day,
    /// Local days of the period.
    pub days: i32,
    /// The groups that hold somebody.
    pub rows: Vec<Decile>,
    /// What all of them bought.
    pub total: i64,
}

fn places(group: usize, people: usize) -> Range<usize> {
    let begin = |group: usize| group * (people / GROUPS) + group.min(people % GROUPS);
    begin(group)..begin(group + 1)
}

fn deciles(ranking: &[(u32, i64)], as_of: Day, days: i32) -> Deciles {
    let total = ranking.iter().map(|(_, sales)| sales).sum();
    let mut so_far = 0;
    let group = |group: usize| {
        let people = &ranking[places(group, ranking.len())];
        let (_, from) = people.last()?;
        let sales: i64 = people.iter().map(|(_, sales)| sales).sum();
        so_far += sales;
        Some(Decile {
            decile: group + 1,
            people: count(people.len()),
            sales,
            share: share(sales, total),
            cumulative: share(so_far, total),
            average: average(sales, count(people.len())),
            from: *from,
        })
    };
    Deciles { as_of, days, rows: (0..GROUPS).filter_map(group).collect(), total }
}

impl Figures {
    /// The deciles of the last `days` local days.
    pub async fn decile(&self, days: i64) -> Result<Arc<Deciles>, InsightsError> {
        let days = checked(days)?;
        let (figures, today) = (self.clone(), self.today());
        let compute = move || async move { Ok(deciles(&figures.ranking(today, days).await?, today, days)) };
        self.pages.get(Question::new("decile", today).with(days), self.position(), compute).await
    }

    /// The people of a group.
    pub(crate) async fn people_of_decile(
        &self,
        as_of: Day,
        days: i32,
        decile: usize,
    ) -> Result<RoaringBitmap, InsightsError> {
        let ranking = self.ranking(as_of, checked(days.into())?).await?;
        let group = decile.checked_sub(1).filter(|group| *group < GROUPS);
        let group = group.ok_or_else(|| InsightsError::Reference(format!("decile {decile}")))?;
        Ok(ranking[places(group, ranking.len())].iter().map(|(customer, _)| *customer).collect())
    }
}

fn checked(days: i64) -> Result<i32, InsightsError> {
    let is_fit = (1..=DAYS_MAX).contains(&days);
    i32::try_from(days).ok().filter(|_| is_fit).ok_or(InsightsError::Days { days, most: DAYS_MAX })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn groups_are_equal_and_add_up(sales in proptest::collection::vec(-1_000_i64..100_000, 0..400)) {
            let mut ranking: Vec<(u32, i64)> = sales.iter().enumerate().map(|(n, sales)| (n as u32, *sales)).collect();
            ranking.sort_unstable_by_key(|(customer, sales)| (std::cmp::Reverse(*sales), *customer));
            let deciles = deciles(&ranking, Day(0), 28);
            prop_assert_eq!(deciles.total, sales.iter().sum::<i64>());
            prop_assert_eq!(deciles.rows.iter().map(|row| row.people).sum::<i64>(), sales.len() as i64);
            prop_assert_eq!(deciles.rows.iter().map(|row| row.sales).sum::<i64>(), deciles.total);
            prop_assert!(deciles.rows.iter().all(|row| row.people.abs_diff(sales.len() as i64 / 10) <= 1));
            prop_assert!(deciles.rows.windows(2).all(|pair| pair[0].from >= pair[1].from));
        }
    }
}
