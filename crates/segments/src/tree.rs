//! The language of segments: a typed, bounded tree of conditions.
//!
//! Shape on the wire and in the records: `{"kind": "and", "of": […]}`, `{"kind": "count", "event": "order",
//! "window": {"days": 90}, "is": "gte", "value": 3}`. A saved tree keeps its meaning for ever: kinds are added, never
//! changed.
//!
//! What is meant, where it could be doubted (each case is shown in `tests/it/edges.rs`):
//!
//! - A segment is asked as of the present local day. What is dated ahead is not known before its day comes: an order of
//!   tomorrow is in no window, not even in `"ever"`, and hides no earlier order.
//! - A window of n days is today and the n − 1 local days before it.
//! - An order is a purchase with a price. Refunds are no orders; they lower `sum` on their own day. Orders for nothing
//!   and corrections of the books are in `sum` only.
//! - What the demo made up (`is_simulated`) is in no figure.
//! - A figure of nothing is nought: who never bought has 0 orders and 0 sales, and is meant by `orders = 0`,
//!   `sales <= 0` and the like. Only `recency` and `rfm` never mean them, whatever the number.
//! - A fact that is not known is no value: the condition does not hold, its `not` does.
//! - Age goes up on the birthday itself, for those born on 29 February on 1 March of other years; it is not known
//!   without year, month and day.
//! - Two customers who turned out to be one person are one person, with the figures of both.
//! - An event counts by its call: a page that calls itself `Mail Opened` is a page.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use vocabulary::consent::Channel;

/// Levels of nesting.
pub const DEPTH_MAX: usize = 32;
/// Conditions and groups of one segment.
pub const NODES_MAX: usize = 500;
/// Values and cells in all lists of one segment.
pub const VALUES_MAX: usize = 5_000;
/// Bytes of a product's code.
const SKU_BYTES_MAX: usize = 255;
/// Days of a window; a hundred years.
const DAYS_MAX: i64 = 36_500;

/// Who.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum SegmentTree {
    /// All of these hold.
    And {
        /// The conditions.
        #[schema(no_recursion)]
        of: Vec<SegmentTree>,
    },
    /// At least one of these holds.
    Or {
        /// The conditions.
        #[schema(no_recursion)]
        of: Vec<SegmentTree>,
    },
    /// This does not hold.
    Not {
        /// The condition.
        #[schema(no_recursion)]
        of: Box<SegmentTree>,
    },
    /// Something that is known of the person.
    Fact {
        /// What.
        fact: Fact,
        /// How it is compared.
        is: Comparison,
        /// With what: a number, a word, or a list of them.
        value: FactValue,
    },
    /// How often something happened.
    Count {
        /// What happened.
        event: EventName,
        /// Only orders that hold this product.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        sku: Option<String>,
        /// Within which time: `"ever"` or `{"days": n}`, today included.
        #[schema(value_type = WindowView)]
        window: Window,
        /// How it is compared.
        is: Comparison,
        /// With what.
        #[schema(value_type = BoundView)]
        value: Bound,
    },
    /// Sales after refunds, in minor units of the reporting currency.
    Sum {
        /// Within which time: `"ever"` or `{"days": n}`, today included.
        #[schema(value_type = WindowView)]
        window: Window,
        /// How it is compared.
        is: Comparison,
        /// With what.
        #[schema(value_type = BoundView)]
        value: Bound,
    },
    /// Days since the last order; people who never ordered are never meant.
    Recency {
        /// How it is compared.
        is: Comparison,
        /// Days.
        #[schema(value_type = BoundView)]
        days: Bound,
    },
    /// Cells of the RFM grid.
    Rfm {
        /// Version of the cut points' meaning.
        version: u32,
        /// Upper bounds of the recency bands, in days; one more band is behind the last.
        r: Vec<i64>,
        /// Lower bounds of the frequency bands.
        f: Vec<i64>,
        /// Cells as (recency band, frequency band).
        cells: Vec<(u32, u32)>,
    },
    /// Can be written to: a usable address, consent, not suppressed.
    Reachable {
        /// On which channel.
        #[schema(value_type = ReachableChannel)]
        channel: Channel,
    },
}

/// What is known of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SegmentFact)]
pub enum Fact {
    /// `male`, `female`, `other`, `declined`.
    Sex,
    /// Whole years on the present local day.
    Age,
    /// Prefecture, 1 to 47.
    Prefecture,
    /// Month of birth, 1 to 12.
    BirthMonth,
    /// Buys for a company: 1 or 0.
    HasCompany,
    /// Never bought: 1 or 0.
    IsMemberOnly,
}

/// What can be counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EventName {
    /// Orders with a price.
    Order,
    /// Mails whose images were loaded.
    MailOpened,
    /// Links of mails that were followed.
    MailClicked,
    /// Pages seen.
    Page,
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Comparison {
    /// Is exactly.
    Eq,
    /// Is one of.
    In,
    /// At least.
    Gte,
    /// At most.
    Lte,
    /// From … to …, both included.
    Between,
}

/// The value of a fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum FactValue {
    /// Yes or no.
    Flag(bool),
    /// A number.
    Number(i64),
    /// A word.
    Word(String),
    /// Numbers; for `between` the two ends.
    Numbers(Vec<i64>),
    /// Words.
    Words(Vec<String>),
}

/// One number, or the two ends of `between`.
#[derive(ToSchema)]
#[serde(untagged)]
#[schema(as = Bound)]
#[expect(dead_code, reason = "describes what `Bound` is on the wire")]
enum BoundView {
    /// A number.
    One(i64),
    /// From, to.
    Two((i64, i64)),
}

/// One number, or the two ends of `between`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Bound {
    /// A number.
    One(i64),
    /// From, to.
    Two(i64, i64),
}

/// Within which time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Window {
    /// The last so many local days, today included.
    Days(i64),
    /// From the beginning.
    Ever,
}

/// Within which time: `"ever"` or `{"days": n}`, today included.
#[derive(ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "describes what `Window` is on the wire")]
enum WindowView {
    /// From the beginning.
    Word(WindowWord),
    /// The last so many local days.
    Days(WindowDays),
}

#[derive(ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(dead_code, reason = "describes what `Window` is on the wire")]
enum WindowWord {
    Ever,
}

/// The last so many local days, today included.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what `Window` is on the wire")]
struct WindowDays {
    #[schema(minimum = 1, maximum = 36_500)]
    days: i64,
}

/// On which channel it can be asked whether a person may be written to.
#[derive(ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(dead_code, reason = "describes what is taken of `Channel`")]
enum ReachableChannel {
    Email,
}

impl Serialize for Window {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Window::Ever => serializer.serialize_str("ever"),
            Window::Days(days) => serde_json::json!({ "days": days }).serialize(serializer),
        }
    }
}
impl<'de> Deserialize<'de> for Window {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged, deny_unknown_fields)]
        enum Wire {
            Word(String),
            Days { days: i64 },
        }
        match Wire::deserialize(deserializer)? {
            Wire::Days { days } => Ok(Window::Days(days)),
            Wire::Word(word) if word == "ever" => Ok(Window::Ever),
            Wire::Word(_) => Err(serde::de::Error::custom("a window is {\"days\": n} or \"ever\"")),
        }
    }
}

/// What is wrong with a tree.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum TreeProblem {
    /// Nested too deeply.
    #[error("conditions are nested deeper than {DEPTH_MAX} levels")]
    TooDeep,
    /// Too many conditions.
    #[error("there are more than {NODES_MAX} conditions")]
    TooMany,
    /// Too many values.
    #[error("there are more than {VALUES_MAX} values in the lists")]
    TooManyValues,
    /// A group without conditions.
    #[error("a group holds no condition")]
    Empty,
    /// A condition that cannot be meant.
    #[error("condition `{condition}`: {reason}")]
    Condition {
        /// Which kind of condition.
        condition: &'static str,
        /// What is wrong, and what is allowed.
        reason: String,
    },
}

impl SegmentTree {
    /// Refuses what is too large or cannot be meant.
    pub fn check(&self) -> Result<(), TreeProblem> {
        self.check_node(1, &mut Size::default())
    }

    fn check_node(&self, depth: usize, size: &mut Size) -> Result<(), TreeProblem> {
        size.nodes += 1;
        size.values += self.values();
        if depth > DEPTH_MAX {
            return Err(TreeProblem::TooDeep);
        }
        if size.nodes > NODES_MAX {
            return Err(TreeProblem::TooMany);
        }
        if size.values > VALUES_MAX {
            return Err(TreeProblem::TooManyValues);
        }
        match self {
            SegmentTree::And { of } | SegmentTree::Or { of } if of.is_empty() => Err(TreeProblem::Empty),
            SegmentTree::And { of } | SegmentTree::Or { of } => {
                of.iter().try_for_each(|node| node.check_node(depth + 1, size))
            }
            SegmentTree::Not { of } => of.check_node(depth + 1, size),
            leaf => leaf.check_leaf(),
        }
    }

    /// Values in the lists of this condition.
    fn values(&self) -> usize {
        match self {
            SegmentTree::Fact { value: FactValue::Numbers(numbers), .. } => numbers.len(),
            SegmentTree::Fact { value: FactValue::Words(words), .. } => words.len(),
            SegmentTree::Rfm { r, f, cells, .. } => r.len() + f.len() + cells.len(),
            _ => 0,
        }
    }

    fn check_leaf(&self) -> Result<(), TreeProblem> {
        match self {
            SegmentTree::Fact { fact, is, value } => fact.check(*is, value),
            SegmentTree::Count { sku, window, is, value, event } => {
                if sku.is_some() && *event != EventName::Order {
                    return Err(unfit("count", "`sku` goes with the event `order` only"));
                }
                if sku.as_ref().is_some_and(|sku| sku.len() > SKU_BYTES_MAX) {
                    return Err(unfit("count", "`sku` has at most 255 bytes"));
                }
                window.check("count")?;
                value.check("count", *is, 0..=1_000_000_000)
            }
            SegmentTree::Sum { window, is, value } => {
                window.check("sum")?;
                value.check("sum", *is, -1_000_000_000_000_000..=1_000_000_000_000_000)
            }
            SegmentTree::Recency { is, days } => days.check("recency", *is, 0..=DAYS_MAX),
            SegmentTree::Rfm { version, r, f, cells } => check_rfm(*version, r, f, cells),
            SegmentTree::Reachable { channel: Channel::Email } => Ok(()),
            SegmentTree::Reachable { .. } => Err(unfit("reachable", "only the channel `email` can be asked yet")),
            SegmentTree::And { .. } | SegmentTree::Or { .. } | SegmentTree::Not { .. } => Ok(()),
        }
    }
}

/// How large a tree is so far.
#[derive(Default)]
struct Size {
    nodes: usize,
    values: usize,
}

impl Fact {
    fn check(self, is: Comparison, value: &FactValue) -> Result<(), TreeProblem> {
        let is_fit = match (self, is, value) {
            (Fact::Sex, Comparison::Eq, FactValue::Word(word)) => is_sex(word),
            (Fact::Sex, Comparison::In, FactValue::Words(words)) => {
                (1..=100).contains(&words.len()) && words.iter().all(|word| is_sex(word))
            }
            (Fact::HasCompany | Fact::IsMemberOnly, Comparison::Eq, FactValue::Flag(_)) => true,
            (
                Fact::Age | Fact::BirthMonth | Fact::Prefecture,
                Comparison::Eq | Comparison::Gte | Comparison::Lte,
                FactValue::Number(_),
            ) => true,
            (Fact::Age | Fact::BirthMonth | Fact::Prefecture, Comparison::In, FactValue::Numbers(numbers)) => {
                (1..=100).contains(&numbers.len())
            }
            (Fact::Age | Fact::BirthMonth | Fact::Prefecture, Comparison::Between, FactValue::Numbers(ends)) => {
                ends.len() == 2 && ends[0] <= ends[1]
            }
            _ => false,
        };
        if is_fit { Ok(()) } else { Err(unfit("fact", "this comparison and value do not fit the fact")) }
    }
}

fn is_sex(word: &str) -> bool {
    vocabulary::sex::Sex::from_name(word).is_some()
}

impl Window {
    fn check(self, condition: &'static str) -> Result<(), TreeProblem> {
        match self {
            Window::Days(days) if !(1..=DAYS_MAX).contains(&days) => {
                Err(unfit(condition, "a window has 1 to 36,500 days"))
            }
            _ => Ok(()),
        }
    }
}

impl Bound {
    fn check(
        self,
        condition: &'static str,
        is: Comparison,
        allowed: std::ops::RangeInclusive<i64>,
    ) -> Result<(), TreeProblem> {
        let (from, to) = match (self, is) {
            (Bound::Two(from, to), Comparison::Between) => (from, to),
            (Bound::One(value), Comparison::Eq | Comparison::Gte | Comparison::Lte) => (value, value),
            _ => return Err(unfit(condition, "`between` needs two numbers, the others one")),
        };
        if from <= to && allowed.contains(&from) && allowed.contains(&to) {
            Ok(())
        } else {
            Err(unfit(
                condition,
                &format!("the number must be {} to {}, the smaller first", allowed.start(), allowed.end()),
            ))
        }
    }

    /// Whether a value is meant.
    pub fn holds(self, is: Comparison, value: i64) -> bool {
        let (low, high) = self.range(is);
        (low..=high).contains(&value)
    }

    /// The meant values, both ends included.
    pub fn range(self, is: Comparison) -> (i64, i64) {
        match (self, is) {
            (Bound::Two(from, to), _) => (from, to),
            (Bound::One(value), Comparison::Gte) => (value, i64::MAX),
            (Bound::One(value), Comparison::Lte) => (i64::MIN, value),
            (Bound::One(value), Comparison::Eq | Comparison::In | Comparison::Between) => (value, value),
        }
    }
}

/// Bands of each side of the grid.
const BANDS_MAX: usize = 20;

fn check_rfm(version: u32, r: &[i64], f: &[i64], cells: &[(u32, u32)]) -> Result<(), TreeProblem> {
    let rises = |bounds: &[i64]| {
        bounds.windows(2).all(|pair| pair[0] < pair[1]) && bounds.iter().all(|bound| (0..=DAYS_MAX).contains(bound))
    };
    if version != 1 {
        return Err(unfit("rfm", "only version 1 is known"));
    }
    if r.len() > BANDS_MAX || f.is_empty() || f.len() > BANDS_MAX || f[0] < 1 || !rises(r) || !rises(f) {
        return Err(unfit("rfm", "bounds must rise; at most 20; the lowest frequency is 1"));
    }
    let is_inside = |(ri, fi): &(u32, u32)| *ri as usize <= r.len() && (*fi as usize) < f.len();
    if cells.is_empty() || cells.len() > 441 || !cells.iter().all(is_inside) {
        return Err(unfit("rfm", "each cell must lie in the grid; at least one"));
    }
    Ok(())
}

fn unfit(condition: &'static str, reason: &str) -> TreeProblem {
    TreeProblem::Condition { condition, reason: reason.to_owned() }
}

/// The recency band `index`, in days, both ends included.
pub fn r_band(r: &[i64], index: u32) -> (i64, i64) {
    let index = index as usize;
    let from = index.checked_sub(1).and_then(|before| r.get(before)).map_or(0, |bound| bound + 1);
    (from, r.get(index).copied().unwrap_or(i64::from(i32::MAX)))
}

/// The frequency band `index`, both ends included.
pub fn f_band(f: &[i64], index: u32) -> (i64, i64) {
    let index = index as usize;
    let from = f.get(index).copied().unwrap_or(i64::MAX);
    (from, f.get(index + 1).map_or(i64::MAX, |next| next - 1))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn read(json: &str) -> Result<SegmentTree, serde_json::Error> {
        serde_json::from_str(json)
    }

    #[test]
    fn what_was_saved_is_read_again() {
        let json = r#"{"kind":"and","of":[{"kind":"count","event":"order","window":{"days":90},"is":"gte","value":3},{"kind":"not","of":{"kind":"recency","is":"between","days":[0,60]}},{"kind":"sum","window":"ever","is":"gte","value":10000},{"kind":"reachable","channel":"email"},{"kind":"rfm","version":1,"r":[30,60],"f":[1,3],"cells":[[2,1]]},{"kind":"fact","fact":"sex","is":"eq","value":"female"}]}"#;
        let tree = read(json).unwrap();
        tree.check().unwrap();
        assert_eq!(serde_json::to_string(&tree).unwrap(), json);
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        assert!(
            read(r#"{"kind":"count","event":"order","window":"ever","is":"gte","value":1,"colour":"red"}"#).is_err(),
            "an unknown field"
        );
        assert!(read(r#"{"kind":"recency","is":"between","days":[9,3]}"#).unwrap().check().is_err());
        assert_eq!(SegmentTree::And { of: vec![] }.check(), Err(TreeProblem::Empty));
        let leaf = || SegmentTree::Reachable { channel: Channel::Email };
        assert_eq!(SegmentTree::Or { of: vec![leaf(); 20_000] }.check(), Err(TreeProblem::TooMany));
        let deep = (0..40).fold(leaf(), |tree, _| SegmentTree::Not { of: Box::new(tree) });
        assert_eq!(deep.check(), Err(TreeProblem::TooDeep));
    }

    #[test]
    fn the_bands_of_the_grid_leave_no_gap() {
        let (r, f) = ([30, 60, 90, 180], [1, 2, 3, 5, 10]);
        assert_eq!((0..5).map(|n| r_band(&r, n).0).collect::<Vec<_>>(), [0, 31, 61, 91, 181]);
        assert_eq!((0..4).map(|n| f_band(&f, n)).collect::<Vec<_>>(), [(1, 1), (2, 2), (3, 4), (5, 9)]);
    }
}
