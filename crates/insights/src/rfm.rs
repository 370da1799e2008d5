//! RFM: everyone who ordered, by days since the last order (R) and number of orders (F), with what they bought (M).
//!
//! The bands have the meaning of `SegmentTree::Rfm`, so a selection of cells and the segment made from it are the same
//! people.

use crate::{
    Buyer, Buyers, Figures, InsightsError, People,
    buyers::{average, count, share},
    cache::Question,
};
use roaring::RoaringBitmap;
use segments::tree::{SegmentTree, f_band, r_band};
use std::sync::Arc;
use vocabulary::Day;

/// Version of the cut points' meaning in `SegmentTree::Rfm`.
const VERSION: u32 = 1;

/// The cut points of the grid.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Bands {
    r: Vec<i64>,
    f: Vec<i64>,
}

impl Bands {
    /// `r`: the upper bound of each row in days, one more row is behind the last; `f`: the lower bound of each column.
    pub fn new(r: Vec<i64>, f: Vec<i64>) -> Result<Self, InsightsError> {
        let bands = Self { r, f };
        bands.tree(vec![(0, 0)]).check().map_err(InsightsError::Bands)?;
        Ok(bands)
    }

    /// 30, 60, 90 and 180 days; once, twice, 3–4, 5–9 and from 10 times on.
    pub fn usual() -> Self {
        Self { r: vec![30, 60, 90, 180], f: vec![1, 2, 3, 5, 10] }
    }

    /// The segment of the people in these cells.
    pub fn tree(&self, cells: Vec<(u32, u32)>) -> SegmentTree {
        SegmentTree::Rfm { version: VERSION, r: self.r.clone(), f: self.f.clone(), cells }
    }

    /// The cut points.
    pub fn bounds(&self) -> (&[i64], &[i64]) {
        (&self.r, &self.f)
    }

    /// The rows in days, `None` for open ends.
    pub fn r_bands(&self) -> Vec<(i64, Option<i64>)> {
        let open = self.r.len();
        let band = |index: usize| (r_band(&self.r, index as u32).0, self.r.get(index).copied());
        (0..=open).map(band).collect()
    }

    /// The columns in orders, `None` for open ends.
    pub fn f_bands(&self) -> Vec<(i64, Option<i64>)> {
        let band = |index: usize| (f_band(&self.f, index as u32).0, self.f.get(index + 1).map(|next| next - 1));
        (0..self.f.len()).map(band).collect()
    }

    /// Row and column of somebody; nowhere when they ordered less often than the first column asks for.
    fn cell(&self, days_since: i32, orders: u32) -> Option<(usize, usize)> {
        let column = self.f.partition_point(|from| *from <= i64::from(orders)).checked_sub(1)?;
        let row = self.r.partition_point(|to| *to < i64::from(days_since));
        (days_since >= 0).then_some((row, column))
    }

    fn cell_now(&self, buyer: &Buyer, today: Day) -> Option<(usize, usize)> {
        self.cell(buyer.days_since(today), buyer.orders)
    }

    fn cell_before(&self, buyer: &Buyer, before: Day) -> Option<(usize, usize)> {
        self.cell(before.since(buyer.last_day_before?), buyer.orders_before)
    }
}

/// A cell of the grid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// Who is in it.
    pub people: i64,
    /// What they bought so far, after refunds.
    pub sales: i64,
    /// How many were in it 90 days ago, with what was known of the time up to then.
    pub people_before: i64,
}

/// The grid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grid {
    /// As of which day.
    pub as_of: Day,
    /// Its cut points.
    pub bands: Bands,
    /// Its cells, by row and column.
    pub cells: Vec<Vec<Cell>>,
    /// All buyers.
    pub people: i64,
    /// What all buyers bought so far, after refunds.
    pub sales: i64,
    /// Customers who never ordered.
    pub never_bought: i64,
}

impl Grid {
    fn of(buyers: &Buyers, bands: Bands, never_bought: i64) -> Self {
        let mut cells = vec![vec![Cell::default(); bands.f.len()]; bands.r.len() + 1];
        for buyer in &buyers.people {
            if let Some((row, column)) = bands.cell_now(buyer, buyers.today) {
                cells[row][column].people += 1;
                cells[row][column].sales += buyer.sales;
            }
            if let Some((row, column)) = bands.cell_before(buyer, buyers.before()) {
                cells[row][column].people_before += 1;
            }
        }
        let (people, sales) = (buyers.count(), buyers.sales());
        Self { as_of: buyers.today, bands, cells, people, sales, never_bought }
    }
}

/// Several cells together.
#[derive(Clone, Debug, PartialEq)]
pub struct Selection {
    /// As of which day.
    pub as_of: Day,
    /// Who is in them.
    pub people: RoaringBitmap,
    /// What they bought so far, after refunds.
    pub sales: i64,
    /// That as a part of what all buyers bought.
    pub share_of_sales: f64,
    /// What one of them bought on average.
    pub average: i64,
    /// What one of all buyers bought on average.
    pub average_all: i64,
    /// How many of them can be sent a mail.
    pub mailable: i64,
    /// How many were in these cells 90 days ago.
    pub people_before: i64,
}

/// Which cells are chosen: a flag for each row and column.
struct Chosen(Vec<Vec<bool>>);

impl Chosen {
    fn of(bands: &Bands, cells: &[(u32, u32)]) -> Result<Self, InsightsError> {
        bands.tree(cells.to_vec()).check().map_err(InsightsError::Bands)?;
        let mut chosen = vec![vec![false; bands.f.len()]; bands.r.len() + 1];
        for (row, column) in cells {
            chosen[*row as usize][*column as usize] = true;
        }
        Ok(Self(chosen))
    }
    fn holds(&self, cell: Option<(usize, usize)>) -> bool {
        cell.is_some_and(|(row, column)| self.0[row][column])
    }
}

/// The people in these cells.
pub(crate) fn people_of(buyers: &Buyers, bands: &Bands, cells: &[(u32, u32)]) -> Result<RoaringBitmap, InsightsError> {
    let chosen = Chosen::of(bands, cells)?;
    Ok(buyers.those(|buyer| chosen.holds(bands.cell_now(buyer, buyers.today))))
}

fn select(
    buyers: &Buyers,
    bands: &Bands,
    cells: &[(u32, u32)],
    mailable: &RoaringBitmap,
) -> Result<Selection, InsightsError> {
    let chosen = Chosen::of(bands, cells)?;
    let (mut sales, mut people_before) = (0, 0);
    let people = buyers.those(|buyer| {
        people_before += i64::from(chosen.holds(bands.cell_before(buyer, buyers.before())));
        let is_in = chosen.holds(bands.cell_now(buyer, buyers.today));
        sales += if is_in { buyer.sales } else { 0 };
        is_in
    });
    let number = i64::try_from(people.len()).unwrap_or(i64::MAX);
    Ok(Selection {
        as_of: buyers.today,
        sales,
        share_of_sales: share(sales, buyers.sales()),
        average: average(sales, number),
        average_all: average(buyers.sales(), count(buyers.people.len())),
        mailable: i64::try_from(people.intersection_len(mailable)).unwrap_or(i64::MAX),
        people_before,
        people,
    })
}

impl Figures {
    /// The grid with these bands, today.
    pub async fn rfm(&self, bands: Bands) -> Result<Arc<Grid>, InsightsError> {
        let (figures, today) = (self.clone(), self.today());
        let question = Question::new("rfm", today).with(format_args!("{bands:?}"));
        let compute = move || async move {
            let buyers = figures.buyers(today).await?;
            let never_bought = figures.people(&People::NeverBought {}).await?.len();
            Ok(Grid::of(&buyers, bands, i64::try_from(never_bought).unwrap_or(i64::MAX)))
        };
        self.pages.get(question, self.position(), compute).await
    }

    /// Several cells of the grid with these bands, today.
    pub async fn rfm_selection(&self, bands: Bands, cells: Vec<(u32, u32)>) -> Result<Arc<Selection>, InsightsError> {
        let (figures, today) = (self.clone(), self.today());
        let question = Question::new("rfm_selection", today).with(format_args!("{bands:?}{cells:?}"));
        let compute = move || async move {
            let (buyers, mailable) = (figures.buyers(today).await?, figures.mailable().await?);
            select(&buyers, &bands, &cells, &mailable)
        };
        self.pages.get(question, self.position(), compute).await
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_buyer_is_in_one_cell_and_the_bounds_belong_to_the_row_before() {
        let bands = Bands::usual();
        assert_eq!(bands.cell(0, 1), Some((0, 0)));
        assert_eq!(bands.cell(30, 2), Some((0, 1)));
        assert_eq!(bands.cell(31, 4), Some((1, 2)));
        assert_eq!(bands.cell(180, 9), Some((3, 3)));
        assert_eq!(bands.cell(9_999, 10), Some((4, 4)));
        assert_eq!(bands.cell(0, 0), None);
        assert_eq!(bands.r_bands().last(), Some(&(181, None)));
        assert_eq!(bands.f_bands(), [(1, Some(1)), (2, Some(2)), (3, Some(4)), (5, Some(9)), (10, None)]);
    }

    #[test]
    fn bands_that_make_no_grid_are_refused() {
        for (r, f) in [
            (vec![60, 30], vec![1]),
            (vec![30], vec![]),
            (vec![30], vec![0, 1]),
            (vec![-1], vec![1]),
            ((0..30).collect(), vec![1]),
        ] {
            assert!(Bands::new(r.clone(), f.clone()).is_err(), "{r:?} {f:?}");
        }
        assert!(Bands::new(vec![], vec![1]).is_ok(), "one row");
        assert!(Chosen::of(&Bands::usual(), &[(5, 0)]).is_err(), "outside of the grid");
    }
}
