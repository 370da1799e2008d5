//! The RFM grid on the wire.

use crate::{Bands, Cell, Grid, InsightsError, People, Selection};
use customers::list::{CustomerRowView, MoneyView};
use segments::{one::Phrase, tree::SegmentTree};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use utoipa::{IntoParams, ToSchema};
use vocabulary::{Currency, Day};

/// The cut points of the grid.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct RfmQuery {
    /// Upper bounds of the rows in days, such as `30,60,90,180`.
    r: Option<String>,
    /// Lower bounds of the columns in orders, such as `1,2,3,5,10`.
    f: Option<String>,
}

impl RfmQuery {
    pub(super) fn bands(&self) -> Result<Bands, InsightsError> {
        let usual = Bands::usual();
        let (r, f) = usual.bounds();
        Bands::new(bounds(self.r.as_deref(), r), bounds(self.f.as_deref(), f))
    }
}

/// What is no number becomes a bound that no grid has, and is refused with the others.
fn bounds(text: Option<&str>, usual: &[i64]) -> Vec<i64> {
    match text {
        None => usual.to_vec(),
        Some("") => Vec::new(),
        Some(text) => text.split(',').map(|bound| bound.trim().parse().unwrap_or(-1)).collect(),
    }
}

/// Everyone who ordered.
#[derive(Serialize, ToSchema)]
pub(super) struct RfmView {
    #[schema(value_type = String, format = Date)]
    as_of: Day,
    r_bands: Vec<BandView>,
    f_bands: Vec<BandView>,
    /// By row and column.
    cells: Vec<Vec<RfmCellView>>,
    total: RfmTotalView,
    never_bought: NeverBoughtView,
}

/// From … to …, both included; an open end has no `to`.
#[derive(Serialize, ToSchema)]
struct BandView {
    from: i64,
    to: Option<i64>,
}

#[derive(Serialize, ToSchema)]
struct RfmCellView {
    people: i64,
    /// So far, after refunds.
    sales: MoneyView,
    /// With what was known of the time up to then.
    people_90d_ago: i64,
    people_ref: String,
}

/// All buyers.
#[derive(Serialize, ToSchema)]
struct RfmTotalView {
    people: i64,
    sales: MoneyView,
}

#[derive(Serialize, ToSchema)]
struct NeverBoughtView {
    count: i64,
    people: String,
}

impl RfmView {
    pub(super) fn of(grid: &Grid, currency: Currency) -> Self {
        let money = |minor| MoneyView::new(minor, currency);
        let band = |(from, to)| BandView { from, to };
        let cell = |row: usize, column: usize, cell: &Cell| RfmCellView {
            people: cell.people,
            sales: money(cell.sales),
            people_90d_ago: cell.people_before,
            people_ref: people(&grid.bands, grid.as_of, vec![(row as u32, column as u32)]).reference(),
        };
        let row = |(row, cells): (usize, &Vec<Cell>)| {
            cells.iter().enumerate().map(|(column, found)| cell(row, column, found)).collect()
        };
        Self {
            as_of: grid.as_of,
            r_bands: grid.bands.r_bands().into_iter().map(band).collect(),
            f_bands: grid.bands.f_bands().into_iter().map(band).collect(),
            cells: grid.cells.iter().enumerate().map(row).collect(),
            total: RfmTotalView { people: grid.people, sales: money(grid.sales) },
            never_bought: NeverBoughtView { count: grid.never_bought, people: People::NeverBought {}.reference() },
        }
    }
}

fn people(bands: &Bands, as_of: Day, cells: Vec<(u32, u32)>) -> People {
    let (r, f) = bands.bounds();
    People::Rfm { as_of, r: r.to_vec(), f: f.to_vec(), cells }
}

/// Which cells of which grid.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RfmSelectionRequest {
    /// Upper bounds of the rows in days.
    r: Vec<i64>,
    /// Lower bounds of the columns in orders.
    f: Vec<i64>,
    /// Row and column of each cell, from 0.
    cells: Vec<(u32, u32)>,
}

impl RfmSelectionRequest {
    /// The grid, and each cell once.
    pub(super) fn read(self) -> Result<(Bands, Vec<(u32, u32)>), InsightsError> {
        let bands = Bands::new(self.r, self.f)?;
        let cells: BTreeSet<(u32, u32)> = self.cells.into_iter().collect();
        Ok((bands, cells.into_iter().collect()))
    }
}

/// Several cells together.
#[derive(Serialize, ToSchema)]
pub(super) struct RfmSelectionView {
    people: i64,
    /// So far, after refunds.
    sales: MoneyView,
    /// Of what all buyers bought so far.
    share_of_sales: f64,
    /// Of one of them.
    average: MoneyView,
    /// Of one of all buyers.
    average_all: MoneyView,
    /// Consent, a usable address, not suppressed.
    mailable: i64,
    not_mailable: i64,
    people_90d_ago: i64,
    segment: SegmentTree,
    /// The cells in words.
    #[schema(value_type = Vec<Phrase>)]
    phrase: Vec<Value>,
    /// At most five of them, who ordered latest first; empty without `customers.read`.
    sample: Vec<CustomerRowView>,
    people_ref: String,
}

impl RfmSelectionView {
    pub(super) fn of(
        selection: &Selection,
        bands: &Bands,
        cells: Vec<(u32, u32)>,
        sample: Vec<CustomerRowView>,
        currency: Currency,
    ) -> Self {
        let money = |minor| MoneyView::new(minor, currency);
        let number = i64::try_from(selection.people.len()).unwrap_or(i64::MAX);
        Self {
            people: number,
            sales: money(selection.sales),
            share_of_sales: selection.share_of_sales,
            average: money(selection.average),
            average_all: money(selection.average_all),
            mailable: selection.mailable,
            not_mailable: number - selection.mailable,
            people_90d_ago: selection.people_before,
            phrase: vec![phrase(bands, &cells)],
            people_ref: people(bands, selection.as_of, cells.clone()).reference(),
            segment: bands.tree(cells),
            sample,
        }
    }
}

/// A full rectangle is said by its ends, anything else by its number of cells.
fn phrase(bands: &Bands, cells: &[(u32, u32)]) -> Value {
    let rows = || cells.iter().map(|(row, _)| *row as usize);
    let columns = || cells.iter().map(|(_, column)| *column as usize);
    let ends = (rows().min(), rows().max(), columns().min(), columns().max());
    let (Some(top), Some(bottom), Some(left), Some(right)) = ends else {
        return json!({ "code": "rfm_cells", "params": { "count": 0 } });
    };
    if cells.len() != (bottom - top + 1) * (right - left + 1) {
        return json!({ "code": "rfm_cells", "params": { "count": cells.len() } });
    }
    let (r, f) = (bands.r_bands(), bands.f_bands());
    json!({ "code": "rfm_rectangle", "params": { "r_from": r[top].0, "r_to": r[bottom].1, "f_from": f[left].0, "f_to": f[right].1 } })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rectangle_is_said_by_its_ends() {
        let bands = Bands::usual();
        let away: Vec<(u32, u32)> = (2..5).flat_map(|row| (2..5).map(move |column| (row, column))).collect();
        assert_eq!(
            phrase(&bands, &away),
            json!({ "code": "rfm_rectangle", "params": { "r_from": 61, "r_to": null, "f_from": 3, "f_to": null } })
        );
        assert_eq!(phrase(&bands, &[(0, 0), (1, 1)]), json!({ "code": "rfm_cells", "params": { "count": 2 } }));
    }

    #[test]
    fn bounds_are_read_from_a_list() {
        assert_eq!(bounds(Some("7, 14"), &[]), [7, 14]);
        assert_eq!(bounds(None, &[30]), [30]);
        assert!(RfmQuery { r: Some("x".to_owned()), f: None }.bands().is_err());
        assert!(RfmQuery { r: None, f: Some(String::new()) }.bands().is_err());
    }
}
