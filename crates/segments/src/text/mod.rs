//! The readable form of a segment: `orders >= 3 in 90 days and not days_since_order <= 60`.
//!
//! Writing and reading are each other's inverse (shown in `tests/it/text.rs`), so a segment can be kept in a text file,
//! compared line by line, and typed by hand. Only a group of one condition is written, and read again, as that condition
//! itself.
//!
//! ```text
//! tree      = and_part { "or" and_part }            and_part = part { "and" part }
//! part      = "not" part | "(" tree ")" | condition
//! condition = ("orders" [ "of" "sku" ] | "opened" | "clicked" | "pages") compare [ "in" n "days" ]
//!           | "sales" compare [ "in" n "days" ]     | "days_since_order" compare
//!           | "rfm" "r" [n …] "f" [n …] "cells" [r:f …]
//!           | ("sex" | "age" | "prefecture" | "birth_month" | "has_company" | "is_member_only") compare
//!           | "reachable by email"
//! compare   = "=" v | ">=" n | "<=" n | "between" n "and" n | "in" [v …]
//! ```

mod read;
mod write;

pub use read::{TextProblem, read};
pub use write::write;

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        for text in [
            "orders >= 3 in 90 days",
            "orders of \"22775\" between 1 and 4 and not days_since_order <= 60",
            "(sex = female or age between 20 and 39) and sales >= 10000",
            "opened >= 1 in 30 days and clicked = 0 in 30 days",
            "rfm r [30 60 90 180] f [1 2 3 5 10] cells [2:2 3:4] and reachable by email",
            "prefecture in [13 14] and birth_month = 11 and has_company = true",
            "sex in [male female]",
            "not (orders = 0 or is_member_only = true)",
        ] {
            let tree = read(text).unwrap();
            tree.check().unwrap();
            assert_eq!(write(&tree), text);
            assert_eq!(read(&write(&tree)).unwrap(), tree);
        }
    }

    #[test]
    fn a_mistake_is_told_with_its_place() {
        let problem = read("orders >= many").unwrap_err();
        assert_eq!(problem.to_string(), "at letter 11: `many` was found where a number was expected");
        assert!(read(&"not ".repeat(1_000)).is_err());
        assert!(read("orders >= 1 orders >= 2").is_err());
    }
}
