//! The text form: what is written is read again.

use crate::trees::tree;
use proptest::prelude::*;
use segments::{
    text::{read, write},
    tree::SegmentTree,
};

/// A group of one condition is that condition.
fn plain(tree: SegmentTree) -> SegmentTree {
    let group = |of: Vec<SegmentTree>, all: fn(Vec<SegmentTree>) -> SegmentTree| {
        let mut of: Vec<SegmentTree> = of.into_iter().map(plain).collect();
        if of.len() == 1 { of.remove(0) } else { all(of) }
    };
    match tree {
        SegmentTree::And { of } => group(of, |of| SegmentTree::And { of }),
        SegmentTree::Or { of } => group(of, |of| SegmentTree::Or { of }),
        SegmentTree::Not { of } => SegmentTree::Not { of: Box::new(plain(*of)) },
        leaf => leaf,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read_again(tree in tree()) {
        tree.check().unwrap();
        let text = write(&tree);
        let again = read(&text).unwrap();
        prop_assert_eq!(write(&again), text);
        prop_assert_eq!(again, plain(tree));
    }

    #[test]
    fn what_is_saved_is_read_again(tree in tree()) {
        let json = serde_json::to_string(&tree).unwrap();
        prop_assert_eq!(serde_json::from_str::<SegmentTree>(&json).unwrap(), tree);
    }

    #[test]
    fn any_product_code_can_be_named(sku in any::<String>()) {
        prop_assume!(sku.len() <= 255);
        let count = |sku: &str| format!("orders of {sku} >= 1 in 30 days");
        let tree = SegmentTree::Count {
            event: segments::tree::EventName::Order,
            sku: Some(sku),
            window: segments::tree::Window::Days(30),
            is: segments::tree::Comparison::Gte,
            value: segments::tree::Bound::One(1),
        };
        prop_assert_eq!(read(&write(&tree)).unwrap(), tree);
        prop_assert!(read(&count("\"unended")).is_err());
    }

    #[test]
    fn nothing_that_is_typed_makes_it_fall(text in "[ a-z0-9_()\\[\\]:=<>\"\\\\.-]{0,80}|(not |\\(|orders|>= 3|and |or |in 9 days|rfm r \\[|cells \\[1:|\\] ){0,20}") {
        if let Ok(tree) = read(&text) {
            prop_assert_eq!(read(&write(&tree)).unwrap(), plain(tree));
        }
    }
}

#[test]
fn the_largest_segment_that_is_allowed_can_be_written_and_read() {
    let cells: Vec<(u32, u32)> = (0..21).flat_map(|r| (0..20).map(move |f| (r, f))).collect();
    let bounds = |from: i64| (from..from + 20).collect::<Vec<i64>>();
    let rfm = SegmentTree::Rfm { version: 1, r: bounds(36_000), f: bounds(30_000), cells };
    let count = SegmentTree::Count {
        event: segments::tree::EventName::Order,
        sku: Some("\\".repeat(255)),
        window: segments::tree::Window::Days(36_500),
        is: segments::tree::Comparison::Between,
        value: segments::tree::Bound::Two(999_999_999, 1_000_000_000),
    };
    let tree = SegmentTree::Or { of: [vec![rfm; 10], vec![count; 489]].concat() };
    tree.check().unwrap();
    assert_eq!(read(&write(&tree)).unwrap(), tree);
}
