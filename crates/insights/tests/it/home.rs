//! ホーム: the truths of the demo's first day, and its findings.

use crate::shop::{Days, Money, Shop, TODAY, order};
use history::OrderKind;
use insights::{FindingKind, Pair};
use vocabulary::{Currency, money::Decimal};

fn pair(now: i64, before: i64) -> Pair {
    Pair { now, before }
}

#[tokio::test]
async fn the_last_28_days_are_as_they_are_known_in_pounds() {
    let shop = Shop::demo(Money::Pounds, Days::Demo, TODAY).await;
    let home = shop.figures.home(28).await.unwrap();
    assert_eq!(home.sales, pair(101_194_506, 99_885_197));
    let rate = Decimal::whole(150);
    let yen =
        [home.sales.now, home.sales.before].map(|pence| rate.convert(pence, Currency::GBP, Currency::JPY).unwrap());
    assert_eq!(yen, [151_791_759, 149_827_796]);
    assert_eq!(home.orders, pair(2_001, 1_767));
    assert_eq!(home.buyers, pair(1_420, 1_293));
    assert_eq!(home.first, pair(326, 337));
    assert_eq!(home.refunds, pair(-4_608_336, -4_676_030));
    assert_eq!(
        format!("{:+.3} {:+.3} {:+.3}", home.sales.change(), home.orders.change(), home.buyers.change()),
        "+0.013 +0.132 +0.098"
    );
}

#[tokio::test]
async fn sales_are_taken_apart_into_orders_and_their_average() {
    let shop = Shop::demo(Money::Yen, Days::Demo, TODAY).await;
    let home = shop.figures.home(28).await.unwrap();
    assert_eq!(home.sales, pair(151_791_627, 149_827_767), "each line is rounded to the yen");
    assert_eq!(home.average_order(), pair(75_858, 84_792));
    assert_eq!((home.effect_of_orders(), home.effect_of_average()), (19_841_368, -17_877_508));
    assert_eq!(home.effect_of_orders() + home.effect_of_average(), home.sales.now - home.sales.before);

    let big = home.biggest_day.unwrap();
    assert_eq!((big.day.to_string().as_str(), big.sales, big.is_now), ("2026-09-22", 15_515_367, false));

    assert_eq!(home.weeks.len(), 26);
    let last_four = &home.weeks[22..];
    assert_eq!(last_four[0].from, home.period.from);
    assert_eq!(last_four.iter().map(|week| week.orders).sum::<i64>(), home.orders.now);
    assert!(last_four.iter().all(|week| (1..=week.orders).contains(&week.buyers)));
}

#[tokio::test]
async fn findings_are_sorted_by_their_money_and_lead_to_their_people() {
    let shop = Shop::demo(Money::Yen, Days::Demo, TODAY).await;
    let home = shop.figures.home(28).await.unwrap();
    let said: Vec<(&str, i64)> = home.findings.iter().map(|finding| (finding.kind.code(), finding.count)).collect();
    assert_eq!(said, [("regulars_away", 423), ("growth_from_regulars", 138), ("one_time_lapsed", 620)]);
    let FindingKind::RegularsAway { sales, .. } = home.findings[0].kind else { panic!("regulars") };
    assert_eq!(sales, 99_103_887);
    let FindingKind::GrowthFromRegulars(growth) = home.findings[1].kind else { panic!("growth") };
    assert_eq!((growth.regulars, growth.first), (pair(1_094, 956), pair(326, 337)));
    let FindingKind::OneTimeLapsed { more, before, .. } = home.findings[2].kind else { panic!("lapsed") };
    assert_eq!((more, before), (266, 354));
    let mut people = Vec::new();
    for finding in &home.findings {
        people.push(shop.figures.people(&finding.people).await.unwrap().len());
    }
    assert_eq!(people, [423, 1_094, 620], "growth leads to the regulars who bought");
}

#[tokio::test]
async fn a_new_shop_has_no_before() {
    let mut shop = Shop::empty(Currency::JPY, TODAY).await;
    let home = shop.figures.home(28).await.unwrap();
    assert_eq!((home.orders, home.sales.change(), home.findings.len()), (pair(0, 0), 0.0, 0));
    assert_eq!(home.biggest_day, None);

    shop.add(vec![order("1", 7, OrderKind::Order, "2026-11-12", 4_000)]).await;
    let home = shop.figures.home(28).await.unwrap();
    assert_eq!((home.orders, home.first), (pair(1, 0), pair(1, 0)));
    assert_eq!((home.effect_of_orders(), home.effect_of_average()), (4_000, 0));
    assert_eq!(home.biggest_day, None, "one day alone does not stand out");
    assert_eq!(home.findings.iter().map(|finding| finding.kind.code()).collect::<Vec<_>>(), ["growth_from_new"]);
}
