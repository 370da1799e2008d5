//! A tree as text.

use crate::tree::{Bound, Comparison, EventName, Fact, FactValue, SegmentTree, Window};

/// The readable form.
pub fn write(tree: &SegmentTree) -> String {
    match plain(tree) {
        SegmentTree::And { of } => of.iter().map(|part| inner(part, false)).collect::<Vec<_>>().join(" and "),
        SegmentTree::Or { of } => of.iter().map(|part| inner(part, true)).collect::<Vec<_>>().join(" or "),
        SegmentTree::Not { of } => format!("not {}", inner(of, false)),
        leaf => condition(leaf),
    }
}

/// A group of one condition is that condition.
fn plain(mut tree: &SegmentTree) -> &SegmentTree {
    while let SegmentTree::And { of } | SegmentTree::Or { of } = tree
        && let [only] = of.as_slice()
    {
        tree = only;
    }
    tree
}

/// A part of a group; in brackets where the words would be read otherwise.
fn inner(tree: &SegmentTree, is_in_or: bool) -> String {
    match plain(tree) {
        SegmentTree::And { .. } if is_in_or => write(tree),
        SegmentTree::And { .. } | SegmentTree::Or { .. } => format!("({})", write(tree)),
        _ => write(tree),
    }
}

fn condition(leaf: &SegmentTree) -> String {
    match leaf {
        SegmentTree::Fact { fact, is, value } => format!("{} {}", fact_word(*fact), fact_value(*is, value)),
        SegmentTree::Count { event, sku, window, is, value } => {
            let of = sku.as_ref().map(|sku| format!(" of {}", quoted(sku))).unwrap_or_default();
            format!("{}{of} {}{}", event_word(*event), bound(*is, *value), within(*window))
        }
        SegmentTree::Sum { window, is, value } => format!("sales {}{}", bound(*is, *value), within(*window)),
        SegmentTree::Recency { is, days } => format!("days_since_order {}", bound(*is, *days)),
        SegmentTree::Rfm { r, f, cells, .. } => {
            let cells: Vec<String> = cells.iter().map(|(r, f)| format!("{r}:{f}")).collect();
            format!("rfm r [{}] f [{}] cells [{}]", numbers(r), numbers(f), cells.join(" "))
        }
        SegmentTree::Reachable { channel } => format!("reachable by {}", channel.name()),
        SegmentTree::And { .. } | SegmentTree::Or { .. } | SegmentTree::Not { .. } => write(leaf),
    }
}

pub(super) const FACTS: [(&str, Fact); 6] = [
    ("sex", Fact::Sex),
    ("age", Fact::Age),
    ("prefecture", Fact::Prefecture),
    ("birth_month", Fact::BirthMonth),
    ("has_company", Fact::HasCompany),
    ("is_member_only", Fact::IsMemberOnly),
];
pub(super) const EVENTS: [(&str, EventName); 4] = [
    ("orders", EventName::Order),
    ("opened", EventName::MailOpened),
    ("clicked", EventName::MailClicked),
    ("pages", EventName::Page),
];

fn fact_word(fact: Fact) -> &'static str {
    FACTS.iter().find(|(_, other)| *other == fact).map_or("", |(word, _)| word)
}

fn event_word(event: EventName) -> &'static str {
    EVENTS.iter().find(|(_, other)| *other == event).map_or("", |(word, _)| word)
}

fn fact_value(is: Comparison, value: &FactValue) -> String {
    match value {
        FactValue::Flag(flag) => format!("= {flag}"),
        FactValue::Word(word) => format!("= {word}"),
        FactValue::Words(words) => format!("in [{}]", words.join(" ")),
        FactValue::Number(number) => bound(is, Bound::One(*number)),
        FactValue::Numbers(ends) if is == Comparison::Between && ends.len() == 2 => {
            format!("between {} and {}", ends[0], ends[1])
        }
        FactValue::Numbers(list) => format!("in [{}]", numbers(list)),
    }
}

fn bound(is: Comparison, bound: Bound) -> String {
    match (bound, is) {
        (Bound::Two(from, to), _) => format!("between {from} and {to}"),
        (Bound::One(value), Comparison::Gte) => format!(">= {value}"),
        (Bound::One(value), Comparison::Lte) => format!("<= {value}"),
        (Bound::One(value), _) => format!("= {value}"),
    }
}

fn within(window: Window) -> String {
    match window {
        Window::Days(days) => format!(" in {days} days"),
        Window::Ever => String::new(),
    }
}

fn numbers(numbers: &[i64]) -> String {
    numbers.iter().map(i64::to_string).collect::<Vec<_>>().join(" ")
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
