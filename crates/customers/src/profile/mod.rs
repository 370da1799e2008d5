//! The profile: what the sources say of a person, and what the card shows of it.
//!
//! Each source keeps its own statement (`source_records`); the profile is computed from all of them, fact by fact, the
//! latest statement first. So undoing an import or a merge is computing again. A file is a statement of the day on which
//! it was imported, whatever days stand in it; so "latest" goes by when we were told.

mod projection;
pub mod sql;

pub use projection::ProfilesProjection;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What one source says of a person. An empty text takes a fact back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Facts {
    /// 姓.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family_name: Option<String>,
    /// 名.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given_name: Option<String>,
    /// セイ.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family_kana: Option<String>,
    /// メイ.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given_kana: Option<String>,
    /// The company that they buy for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub company: Option<String>,
    /// Mail address as it was told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Telephone number as it was told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Sex as it was told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sex: Option<String>,
    /// Birthday as it was told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birthday: Option<String>,
    /// Postal code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    /// Prefecture, by name or code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prefecture: Option<String>,
    /// City, ward, town.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// The rest of the address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street: Option<String>,
    /// The day on which they became a member.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub joined_on: Option<String>,
}

/// Bytes of one fact that are kept.
const FACT_BYTES_MAX: usize = 500;

impl Facts {
    /// Reads the traits of an `identify`: our own names, and those of the Segment spec.
    pub fn from_traits(traits: &Map<String, Value>) -> Self {
        let address = traits.get("address").and_then(Value::as_object);
        let company = traits.get("company").and_then(Value::as_object);
        let of = |names: &[&str]| names.iter().find_map(|name| text(traits.get(*name)));
        let part = |name: &str| address.and_then(|address| text(address.get(name)));
        let full = of(&["name", "full_name"]).unwrap_or_default();
        let (family, given) = full.split_once([' ', '\u{3000}']).unwrap_or((full.as_str(), ""));
        let written = |name: &str| (!name.is_empty()).then(|| name.to_owned());
        Self {
            family_name: of(&["family_name", "lastName", "last_name"]).or_else(|| written(family)),
            given_name: of(&["given_name", "firstName", "first_name"]).or_else(|| written(given)),
            family_kana: of(&["family_kana", "lastNameKana"]),
            given_kana: of(&["given_kana", "firstNameKana"]),
            company: company.and_then(|company| text(company.get("name"))).or_else(|| of(&["company"])),
            email: of(&["email"]),
            phone: of(&["phone"]),
            sex: of(&["sex", "gender"]),
            birthday: of(&["birthday"]),
            postal_code: of(&["postal_code"]).or_else(|| part("postalCode")),
            prefecture: of(&["prefecture"]).or_else(|| part("state")),
            city: of(&["city"]).or_else(|| part("city")),
            street: of(&["street"]).or_else(|| part("street")),
            joined_on: of(&["joined_on", "createdAt", "created_at"]).map(|at| at.chars().take(10).collect()),
        }
    }

    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What was said earlier, overlaid with what `newer` says.
    #[must_use]
    pub fn overlaid(self, newer: Self) -> Self {
        Self {
            family_name: newer.family_name.or(self.family_name),
            given_name: newer.given_name.or(self.given_name),
            family_kana: newer.family_kana.or(self.family_kana),
            given_kana: newer.given_kana.or(self.given_kana),
            company: newer.company.or(self.company),
            email: newer.email.or(self.email),
            phone: newer.phone.or(self.phone),
            sex: newer.sex.or(self.sex),
            birthday: newer.birthday.or(self.birthday),
            postal_code: newer.postal_code.or(self.postal_code),
            prefecture: newer.prefecture.or(self.prefecture),
            city: newer.city.or(self.city),
            street: newer.street.or(self.street),
            joined_on: newer.joined_on.or(self.joined_on),
        }
    }
}

fn text(value: Option<&Value>) -> Option<String> {
    let text = match value? {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    let end = (0..=FACT_BYTES_MAX.min(text.len())).rev().find(|end| text.is_char_boundary(*end))?;
    Some(text[..end].replace('\0', ""))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::json;

    #[test]
    fn the_names_of_the_segment_spec_are_understood() {
        let traits = json!({"firstName": "千尋", "lastName": "森下", "address": {"postalCode": "6110021", "state": "京都府"}, "company": {"name": "森下商店"}});
        let facts = Facts::from_traits(traits.as_object().unwrap());
        assert_eq!(
            (facts.family_name.as_deref(), facts.prefecture.as_deref(), facts.company.as_deref()),
            (Some("森下"), Some("京都府"), Some("森下商店"))
        );
    }

    #[test]
    fn a_later_statement_changes_only_what_it_says() {
        let earlier = Facts { email: Some("a@example.com".into()), phone: Some("090".into()), ..Facts::default() };
        let later = Facts { email: Some("b@example.com".into()), ..Facts::default() };
        let both = earlier.overlaid(later);
        assert_eq!((both.email.as_deref(), both.phone.as_deref()), (Some("b@example.com"), Some("090")));
    }
}
