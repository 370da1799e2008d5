//! Every figure leads to its people.

use crate::shop::{Days, Money, Shop, TODAY};
use insights::{Bands, PREFIX, People};
use vocabulary::Day;

async fn count(shop: &Shop, people: People) -> u64 {
    let source = shop.figures.people_source();
    let reference = people.reference();
    let (prefix, rest) = reference.split_once(':').unwrap();
    assert_eq!((prefix, source.prefix()), (PREFIX, PREFIX));
    source.people(rest).await.unwrap().len()
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

#[tokio::test]
async fn a_figure_and_its_people_are_the_same_number() {
    let shop = Shop::demo(Money::Pounds, Days::Demo, TODAY).await;
    let (from, to) = (day("2026-10-17"), day("2026-11-13"));
    assert_eq!(count(&shop, People::Buyers { from, to, first_from: None, first_to: None }).await, 1_420);
    assert_eq!(count(&shop, People::Buyers { from, to, first_from: Some(from), first_to: Some(to) }).await, 326);

    let (first_from, first_to) = (day("2026-01-01"), day("2026-01-31"));
    let first =
        People::Buyers { from: first_from, to: first_to, first_from: Some(first_from), first_to: Some(first_to) };
    assert_eq!(count(&shop, first).await, 388);
    assert_eq!(count(&shop, People::SecondBuyers { first_from, first_to, as_of: to }).await, 192);
    let march = People::Buyers {
        from: day("2026-03-01"),
        to: day("2026-03-31"),
        first_from: Some(first_from),
        first_to: Some(first_to),
    };
    assert_eq!(count(&shop, march).await, 100, "the cohort of January in March");

    assert_eq!(count(&shop, People::Decile { as_of: to, days: 365, decile: 1 }).await, 412);
    assert_eq!(count(&shop, People::Decile { as_of: to, days: 365, decile: 10 }).await, 411);
    let usual = Bands::usual();
    let (r, f) = usual.bounds();
    let cell = |as_of| People::Rfm { as_of, r: r.to_vec(), f: f.to_vec(), cells: vec![(4, 0)] };
    assert_eq!(count(&shop, cell(to)).await, 620);

    // Tomorrow the reference still means the people of today.
    shop.turn_to("2026-11-20");
    assert_eq!(count(&shop, cell(to)).await, 620);
    assert_eq!(count(&shop, cell(to.plus(-90))).await, 354);
}

#[tokio::test]
async fn a_reference_with_impossible_bounds_is_refused() {
    let shop = Shop::empty(vocabulary::Currency::JPY, TODAY).await;
    let as_of = day(TODAY);
    for people in [
        People::Rfm { as_of, r: vec![60, 30], f: vec![1], cells: vec![(0, 0)] },
        People::Rfm { as_of, r: vec![30], f: vec![1], cells: vec![(9, 9)] },
        People::Decile { as_of, days: 365, decile: 11 },
        People::Decile { as_of, days: 0, decile: 1 },
    ] {
        let reference = people.reference();
        let rest = reference.split_once(':').unwrap().1;
        assert!(shop.figures.people_source().people(rest).await.is_err(), "{people:?}");
    }
}
