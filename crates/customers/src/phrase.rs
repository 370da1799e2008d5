//! What stands in a sentence that the server composes as `{code, params}` and the screen words: for the description of
//! the API.

use crate::list::MoneyView;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, Type},
};

/// A value of a sentence.
#[derive(ToSchema)]
#[serde(untagged)]
pub enum PhraseValue {
    /// Yes or no.
    Flag(bool),
    /// A number.
    Number(f64),
    /// A word or a day.
    Word(String),
    /// An amount.
    Amount(MoneyView),
    /// Several numbers; one that is not known is null.
    Numbers(Vec<Option<f64>>),
    /// Nothing is known.
    Unknown(NotKnown),
}

/// Nothing is known.
#[derive(Debug)]
pub enum NotKnown {}

impl PartialSchema for NotKnown {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(Type::Null).into()
    }
}
impl ToSchema for NotKnown {}
