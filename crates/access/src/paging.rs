//! Paging by cursor: a list stays instant at a million rows, and rows that come meanwhile shift nothing.

use crate::{ApiResult, Problem, valid::has_nul_escape};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Deserializer, Serialize, de::DeserializeOwned};
use utoipa::{IntoParams, ToSchema};

/// Bytes of a cursor on the wire; ours are far shorter.
const CURSOR_BYTES_MAX: usize = 1_000;
/// Rows of one page.
const LIMIT_MAX: u32 = 200;

/// Where the next page begins: opaque to others, the sort values of the last row to us.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct Cursor(String);

impl Cursor {
    /// A cursor that holds this place.
    pub fn at(place: &impl Serialize) -> Self {
        Self(URL_SAFE_NO_PAD.encode(serde_json::to_vec(place).unwrap_or_default()))
    }

    /// The place it holds.
    pub fn read<T: DeserializeOwned>(&self) -> ApiResult<T> {
        let bytes = (self.0.len() <= CURSOR_BYTES_MAX).then(|| URL_SAFE_NO_PAD.decode(&self.0).ok()).flatten();
        let bytes = bytes.filter(|bytes| !has_nul_escape(bytes));
        bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()).ok_or_else(Self::unfit)
    }

    /// It is a place of another list, or of another order.
    pub fn unfit() -> Problem {
        Problem::bad_request("cursor_unfit")
            .detail("This cursor does not belong to this list.")
            .hint("Begin again without a cursor.")
    }
}

/// How many rows of a page: 1 to 200, 50 when not said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Limit(u32);

impl Default for Limit {
    fn default() -> Self {
        Self(50)
    }
}

impl Limit {
    /// The number of rows.
    pub fn rows(self) -> usize {
        self.0 as usize
    }
    /// One more than the page holds, to bind in SQL: the one more tells whether there is a next page.
    pub fn and_one(self) -> i64 {
        i64::from(self.0) + 1
    }
}

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let rows = u32::deserialize(deserializer)?;
        if (1..=LIMIT_MAX).contains(&rows) {
            Ok(Self(rows))
        } else {
            Err(serde::de::Error::custom(format_args!("limit must be 1 to {LIMIT_MAX}")))
        }
    }
}

/// The query of a list that has no other: `?cursor=&limit=`.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Paging {
    /// Where the page begins; the start when missing.
    #[param(value_type = Option<String>)]
    pub cursor: Option<Cursor>,
    /// How many rows, 1 to 200.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    pub limit: Limit,
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Where the next page begins; null on the last.
    #[schema(value_type = Option<String>)]
    pub next_cursor: Option<Cursor>,
    /// How many rows there are in all, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub total: Option<u64>,
}

impl<T> Page<T> {
    /// The page of the rows that were read with [`Limit::and_one`]; `place` tells where a row stands in the order.
    pub fn cut<P: Serialize>(mut items: Vec<T>, limit: Limit, place: impl Fn(&T) -> P) -> Self {
        let has_more = items.len() > limit.rows();
        items.truncate(limit.rows());
        let next_cursor = items.last().filter(|_| has_more).map(|last| Cursor::at(&place(last)));
        Self { items, next_cursor, total: None }
    }

    /// A list that is always whole.
    pub fn whole(items: Vec<T>) -> Self {
        let total = Some(items.len() as u64);
        Self { items, next_cursor: None, total }
    }

    /// The same page of other things.
    pub fn map<U>(self, turn: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(turn).collect(), next_cursor: self.next_cursor, total: self.total }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_page_ends_where_the_next_begins() {
        let page = Page::cut((1..=51).collect(), Limit::default(), |row| *row);
        assert_eq!(page.items.len(), 50);
        assert_eq!(page.next_cursor.unwrap().read::<i32>().unwrap(), 50);
        assert_eq!(Page::cut(vec![1, 2], Limit::default(), |row| *row).next_cursor, None);
    }

    #[test]
    fn a_foreign_cursor_is_refused() {
        assert_eq!(Cursor("x".to_owned()).read::<i32>().unwrap_err().code(), "cursor_unfit");
        assert_eq!(Cursor::at(&"text").read::<i32>().unwrap_err().code(), "cursor_unfit");
        assert_eq!(Cursor("A".repeat(2_000)).read::<String>().unwrap_err().code(), "cursor_unfit");
    }

    #[test]
    fn a_limit_has_bounds() {
        for (text, is_taken) in [("0", false), ("1", true), ("200", true), ("201", false), ("-1", false)] {
            assert_eq!(serde_json::from_str::<Limit>(text).is_ok(), is_taken, "{text}");
        }
    }
}
