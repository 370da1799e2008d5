//! What comes with an event is kept as it came, so it must be certain that it can be read later.
//!
//! Invariant: an object that passes here is read by the pipeline and kept by both databases. JSON that was only
//! skipped may hold half of a surrogate pair, a number beyond all numbers, the character NUL, or more levels than a
//! reader takes (shown here and in `najimi/tests/it/hostile.rs`).

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// Levels of objects and lists.
const DEPTH_MAX: usize = 64;

/// Reads everything and keeps nothing.
pub(super) fn check(json: &str) -> Result<(), serde_json::Error> {
    Sound { levels_left: DEPTH_MAX }.deserialize(&mut serde_json::Deserializer::from_str(json))
}

#[derive(Clone, Copy)]
struct Sound {
    levels_left: usize,
}

impl Sound {
    fn inside<E: Error>(self) -> Result<Self, E> {
        let levels_left = self.levels_left.checked_sub(1);
        levels_left
            .map(|levels_left| Self { levels_left })
            .ok_or_else(|| E::custom(format_args!("it is nested deeper than {DEPTH_MAX} levels")))
    }
}

impl<'de> DeserializeSeed<'de> for Sound {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Sound {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }
    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }
    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }
    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }
    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }
    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        if text.contains('\0') { Err(E::custom("the character NUL cannot be part of a text")) } else { Ok(()) }
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let inside = self.inside()?;
        while list.next_element_seed(inside)?.is_some() {}
        Ok(())
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let inside = self.inside()?;
        while map.next_key_seed(inside)?.is_some() {
            map.next_value_seed(inside)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_passes_can_be_read() {
        let deep = |levels: usize| format!("{}1{}", "[".repeat(levels), "]".repeat(levels));
        let all = [
            (r#"{"a":[1,-2.5e3,null,true,"\u00e9\ud83d\ude00"],"b":{}}"#.to_owned(), true),
            (r#"{"a":"\ud800"}"#.to_owned(), false),
            (r#"{"a":"\u0000"}"#.to_owned(), false),
            (r#"{"\u0000":1}"#.to_owned(), false),
            (r#"{"a":"\\u0000"}"#.to_owned(), true),
            (r#"{"a":1e999}"#.to_owned(), false),
            (deep(64), true),
            (deep(65), false),
            (deep(100_000), false),
        ];
        for (json, is_sound) in all {
            assert_eq!(check(&json).is_ok(), is_sound, "{}", &json[..json.len().min(60)]);
            assert!(!is_sound || serde_json::from_str::<serde_json::Value>(&json).is_ok());
        }
    }
}
