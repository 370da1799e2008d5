//! Random trees of every kind of condition, with numbers near the edges.

use proptest::{collection::vec, option, prelude::*, sample::select};
use segments::tree::{Bound, Comparison, EventName, Fact, FactValue, SegmentTree, Window};
use vocabulary::consent::Channel;

/// Days ago at which something changes: today, tomorrow, the borders of usual windows.
pub const DAYS: [i32; 16] = [-2, -1, 0, 1, 6, 7, 8, 29, 30, 31, 89, 90, 91, 364, 365, 366];

pub const SKUS: [&str; 4] = ["22775", "皿 \"大\"", "a\\b", "POST"];

fn window() -> impl Strategy<Value = Window> {
    prop_oneof![2 => select(vec![1, 2, 7, 8, 30, 31, 90, 365, 36_500]).prop_map(Window::Days), 1 => Just(Window::Ever)]
}

/// A comparison with what it is compared with.
fn bound(number: impl Strategy<Value = i64> + Clone) -> impl Strategy<Value = (Comparison, Bound)> {
    prop_oneof![
        (select(vec![Comparison::Eq, Comparison::Gte, Comparison::Lte]), number.clone())
            .prop_map(|(is, value)| (is, Bound::One(value))),
        (number.clone(), number).prop_map(|(a, b)| (Comparison::Between, Bound::Two(a.min(b), a.max(b)))),
    ]
}

fn fact_about(fact: Fact, number: impl Strategy<Value = i64> + Clone + 'static) -> BoxedStrategy<SegmentTree> {
    prop_oneof![
        bound(number.clone()).prop_map(move |(is, bound)| {
            let value = match bound {
                Bound::One(value) => FactValue::Number(value),
                Bound::Two(from, to) => FactValue::Numbers(vec![from, to]),
            };
            SegmentTree::Fact { fact, is, value }
        }),
        vec(number, 1..5).prop_map(move |numbers| SegmentTree::Fact {
            fact,
            is: Comparison::In,
            value: FactValue::Numbers(numbers)
        }),
    ]
    .boxed()
}

fn fact() -> impl Strategy<Value = SegmentTree> {
    let sex = select(vec!["male", "female", "other", "declined"]).prop_map(str::to_owned);
    let flag = (select(vec![Fact::HasCompany, Fact::IsMemberOnly]), any::<bool>());
    prop_oneof![
        sex.clone().prop_map(|word| SegmentTree::Fact {
            fact: Fact::Sex,
            is: Comparison::Eq,
            value: FactValue::Word(word)
        }),
        vec(sex, 1..4).prop_map(|words| SegmentTree::Fact {
            fact: Fact::Sex,
            is: Comparison::In,
            value: FactValue::Words(words)
        }),
        flag.prop_map(|(fact, flag)| SegmentTree::Fact { fact, is: Comparison::Eq, value: FactValue::Flag(flag) }),
        fact_about(Fact::Age, prop_oneof![44..48_i64, Just(0), any::<i64>()]),
        fact_about(Fact::Prefecture, prop_oneof![1..4_i64, any::<i64>()]),
        fact_about(Fact::BirthMonth, prop_oneof![1..13_i64, any::<i64>()]),
    ]
}

fn rfm() -> impl Strategy<Value = SegmentTree> {
    let bounds = |from: i64, numbers: Vec<i64>| {
        let mut bounds: Vec<i64> = numbers.into_iter().map(|number| number.max(from)).collect();
        bounds.sort_unstable();
        bounds.dedup();
        bounds
    };
    let r = vec(select(vec![0, 1, 7, 30, 60, 90, 180, 365]), 0..5).prop_map(move |numbers| bounds(0, numbers));
    let f = vec(1..6_i64, 1..4).prop_map(move |numbers| bounds(1, numbers));
    (r, f, vec((0..20_u32, 0..20_u32), 1..5)).prop_map(|(r, f, cells)| {
        let cells = cells.iter().map(|(ri, fi)| (ri % (r.len() as u32 + 1), fi % f.len() as u32)).collect();
        SegmentTree::Rfm { version: 1, r, f, cells }
    })
}

fn leaf() -> impl Strategy<Value = SegmentTree> {
    let event = select(vec![EventName::MailOpened, EventName::MailClicked, EventName::Page]);
    let sku = option::of(select(SKUS.map(str::to_owned).to_vec()));
    let count = |event: EventName, sku, window, (is, value)| SegmentTree::Count { event, sku, window, is, value };
    let yen =
        prop_oneof![-500..500_i64, Just(0), select(vec![-1_000_000_000_000_000, 1_000, 3_000, 1_000_000_000_000_000])];
    let days = prop_oneof![select(DAYS.to_vec()).prop_map(|days| i64::from(days.max(0))), Just(36_500)];
    prop_oneof![
        3 => fact(),
        3 => (sku, window(), bound(0..4_i64)).prop_map(move |(sku, window, bound)| count(EventName::Order, sku, window, bound)),
        2 => (event, window(), bound(0..4_i64)).prop_map(move |(event, window, bound)| count(event, None, window, bound)),
        2 => (window(), bound(yen)).prop_map(|(window, (is, value))| SegmentTree::Sum { window, is, value }),
        2 => bound(days).prop_map(|(is, days)| SegmentTree::Recency { is, days }),
        1 => rfm(),
        1 => Just(SegmentTree::Reachable { channel: Channel::Email }),
    ]
}

/// Any tree of some size that is allowed.
pub fn tree() -> impl Strategy<Value = SegmentTree> {
    leaf().prop_recursive(4, 12, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 1..4).prop_map(|of| SegmentTree::And { of }),
            vec(inner.clone(), 1..4).prop_map(|of| SegmentTree::Or { of }),
            inner.prop_map(|of| SegmentTree::Not { of: Box::new(of) }),
        ]
    })
}
