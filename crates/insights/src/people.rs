//! The people behind a figure: a reference that goes out with the figure and leads to the same people again.
//!
//! A reference is `insights:` and the question in JSON, base64url. It holds days and bounds, never people, so anybody may
//! see it. The days in it are days of the calendar, so it asks the same tomorrow; who never bought is asked anew.

use crate::{Bands, Figures, InsightsError, rfm, second_orders::WINDOW_DAYS, sql};
use async_trait::async_trait;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use roaring::RoaringBitmap;
use segments::{
    everyone::EvaluationError,
    people::PeopleSource,
    tree::{Comparison, Fact, FactValue, SegmentTree},
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use vocabulary::Day;

/// What references of insights begin with.
pub const PREFIX: &str = "insights";
/// Characters of a reference; a whole grid of 441 cells fits.
const REFERENCE_MAX: usize = 10_000;

/// Whose figure it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum People {
    /// Who ordered in these days; only those whose first order lies between, where that is said. All days are included.
    Buyers {
        /// The first day.
        from: Day,
        /// The last day.
        to: Day,
        /// First order on this day or later.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        first_from: Option<Day>,
        /// First order on this day or earlier.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        first_to: Option<Day>,
    },
    /// Who ordered for the first time in these days and again within 90 days, as far as was known on a day.
    SecondBuyers {
        /// The first day.
        first_from: Day,
        /// The last day.
        first_to: Day,
        /// Orders up to this day.
        as_of: Day,
    },
    /// A tenth of the buyers of a period.
    Decile {
        /// The last day of the period.
        as_of: Day,
        /// Its local days.
        days: i32,
        /// 1 to 10.
        decile: usize,
    },
    /// Cells of an RFM grid.
    Rfm {
        /// As of which day.
        as_of: Day,
        /// Upper bounds of the rows, in days.
        r: Vec<i64>,
        /// Lower bounds of the columns, in orders.
        f: Vec<i64>,
        /// Row and column of each cell.
        cells: Vec<(u32, u32)>,
    },
    /// Customers who never ordered.
    NeverBought {},
}

impl People {
    /// The reference that goes out with the figure.
    pub fn reference(&self) -> String {
        let json = serde_json::to_vec(self).unwrap_or_default();
        format!("{PREFIX}:{}", URL_SAFE_NO_PAD.encode(json))
    }

    /// Reads a reference without its prefix.
    pub fn read(reference: &str) -> Result<Self, InsightsError> {
        let bytes = (reference.len() <= REFERENCE_MAX).then(|| URL_SAFE_NO_PAD.decode(reference).ok()).flatten();
        bytes
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .ok_or_else(|| InsightsError::Reference(reference.chars().take(40).collect()))
    }
}

impl Figures {
    /// Finds the people.
    pub async fn people(&self, people: &People) -> Result<RoaringBitmap, InsightsError> {
        match people {
            People::Buyers { from, to, first_from, first_to } => {
                let bought = sql::people_between(self.history.as_ref(), *from, *to).await?;
                match (first_from, first_to) {
                    (None, None) => Ok(bought),
                    (from, to) => {
                        Ok(bought
                            & self.first_ordered(from.unwrap_or(Day(i32::MIN)), to.unwrap_or(Day(i32::MAX))).await?)
                    }
                }
            }
            People::SecondBuyers { first_from, first_to, as_of } => {
                let again = self.second_buyers(*as_of, WINDOW_DAYS).await?;
                Ok(self.first_ordered(*first_from, *first_to).await? & again.as_ref())
            }
            People::Decile { as_of, days, decile } => self.people_of_decile(*as_of, *days, *decile).await,
            People::Rfm { as_of, r, f, cells } => {
                let bands = Bands::new(r.clone(), f.clone())?;
                rfm::people_of(self.buyers(*as_of).await?.as_ref(), &bands, cells)
            }
            People::NeverBought {} => {
                let tree =
                    SegmentTree::Fact { fact: Fact::IsMemberOnly, is: Comparison::Eq, value: FactValue::Flag(true) };
                Ok(self.everyone().people(&tree).await?)
            }
        }
    }

    async fn first_ordered(&self, from: Day, to: Day) -> Result<RoaringBitmap, InsightsError> {
        let buyers = self.buyers(self.today()).await?;
        Ok(buyers.those(|buyer| (from..=to).contains(&buyer.first_day)))
    }

    /// The people behind references of insights.
    pub fn people_source(&self) -> Arc<dyn PeopleSource> {
        Arc::new(self.clone())
    }
}

#[async_trait]
impl PeopleSource for Figures {
    fn prefix(&self) -> &'static str {
        PREFIX
    }

    async fn people(&self, reference: &str) -> Result<RoaringBitmap, EvaluationError> {
        let people = People::read(reference)?;
        Ok(Figures::people(self, &people).await?)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_reference_is_read_as_it_was_written() {
        let all = [
            People::Buyers { from: Day(1), to: Day(2), first_from: None, first_to: Some(Day(0)) },
            People::SecondBuyers { first_from: Day(1), first_to: Day(2), as_of: Day(3) },
            People::Decile { as_of: Day(3), days: 365, decile: 10 },
            People::Rfm { as_of: Day(3), r: vec![30], f: vec![1, 2], cells: vec![(0, 1), (1, 1)] },
            People::NeverBought {},
        ];
        for people in all {
            let reference = people.reference();
            let (prefix, rest) = reference.split_once(':').unwrap();
            assert_eq!((prefix, People::read(rest).unwrap()), (PREFIX, people));
        }
    }

    #[test]
    fn a_reference_that_was_never_given_out_is_refused() {
        let unknown = URL_SAFE_NO_PAD.encode(r#"{"kind":"everybody"}"#);
        for reference in ["", "%%%", unknown.as_str(), &"A".repeat(20_000)] {
            assert!(matches!(People::read(reference), Err(InsightsError::Reference(_))), "{reference:.20}");
        }
    }
}
