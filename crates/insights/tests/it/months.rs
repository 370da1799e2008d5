//! Second orders, cohorts, LTV and deciles of the real orders.

use crate::shop::{Days, Money, Shop, TODAY};
use insights::{CohortState, SecondOrders};

fn rates(seconds: &SecondOrders) -> Vec<String> {
    let said = |cohort: &insights::SecondOrdersCohort| match (cohort.state, cohort.rate) {
        (CohortState::Final, Some(rate)) => format!("{} {:.1}", cohort.month, rate * 100.0),
        (CohortState::ImportStart, _) => format!("{} start", cohort.month),
        _ => format!("{} measuring", cohort.month),
    };
    seconds.cohorts.iter().map(said).collect()
}

#[tokio::test]
async fn second_orders_of_the_original_months_are_as_they_are_known() {
    let shop = Shop::demo(Money::Pounds, Days::Original, "2011-12-09").await;
    let seconds = shop.figures.second_orders().await.unwrap();
    assert_eq!(
        rates(&seconds),
        [
            "2010-12 start",
            "2011-01 48.9",
            "2011-02 43.9",
            "2011-03 41.8",
            "2011-04 42.0",
            "2011-05 38.4",
            "2011-06 38.8",
            "2011-07 43.6",
            "2011-08 46.2",
            "2011-09 measuring",
            "2011-10 measuring",
            "2011-11 measuring",
            "2011-12 measuring"
        ]
    );
    let counts: Vec<(i64, i64)> = seconds.cohorts.iter().map(|cohort| (cohort.first, cohort.second)).collect();
    assert_eq!(counts[..3], [(885, 527), (417, 204), (380, 167)]);
}

#[tokio::test]
async fn the_demos_months_begin_two_days_earlier_than_the_original_ones() {
    let shop = Shop::demo(Money::Pounds, Days::Demo, TODAY).await;
    let seconds = shop.figures.second_orders().await.unwrap();
    assert_eq!(
        rates(&seconds),
        [
            "2025-12 start",
            "2026-01 49.5",
            "2026-02 43.0",
            "2026-03 43.0",
            "2026-04 41.4",
            "2026-05 39.4",
            "2026-06 37.5",
            "2026-07 43.4",
            "2026-08 measuring",
            "2026-09 measuring",
            "2026-10 measuring",
            "2026-11 measuring"
        ]
    );
    assert_eq!((seconds.first, seconds.second), (2_259, 969), "January to July");
}

#[tokio::test]
async fn cohorts_tell_who_came_back_and_ltv_adds_up() {
    let shop = Shop::demo(Money::Pounds, Days::Demo, TODAY).await;
    let cohorts = shop.figures.cohorts().await.unwrap();
    let month = |place: usize| &cohorts.months[place];
    assert_eq!((month(0).month.to_string().as_str(), month(0).size, month(0).is_import_start), ("2025-12", 885, true));
    let january: Vec<i64> = month(1).cells.iter().map(|cell| cell.buyers).collect();
    assert_eq!(january, [388, 83, 100, 101, 127, 109, 99, 91, 117, 119, 75]);
    assert_eq!((month(1).cells[0].sales, month(1).cells[10].sales), (19_982_515, 4_995_422));
    assert_eq!(month(1).sales_before, -21_670, "given back before the first order that is known");

    let (ltv, buyers) = (shop.figures.ltv().await.unwrap(), shop.figures.buyers(TODAY.parse().unwrap()).await.unwrap());
    let total: i64 = cohorts
        .months
        .iter()
        .map(|cohort| cohort.sales_before + cohort.cells.iter().map(|cell| cell.sales).sum::<i64>())
        .sum();
    assert_eq!((total, cohorts.months.iter().map(|cohort| cohort.size).sum::<i64>()), (buyers.sales(), buyers.count()));
    assert_eq!((ltv.people, ltv.ltv), (4_112, 177_186));
    assert_eq!(ltv.cohorts[0].points.len(), 12);
    assert_eq!(ltv.cohorts[0].points[0], (55_853_269 + 885 / 2) / 885);
}

#[tokio::test]
async fn deciles_are_ten_equal_groups_by_what_was_bought() {
    let shop = Shop::demo(Money::Pounds, Days::Demo, TODAY).await;
    let deciles = shop.figures.decile(365).await.unwrap();
    let rows: Vec<(i64, i64, i64)> = deciles.rows.iter().map(|row| (row.people, row.sales, row.from)).collect();
    assert_eq!(
        rows,
        [
            (412, 434_400_011, 323_117),
            (412, 99_830_930, 184_276),
            (411, 62_145_863, 123_336),
            (411, 41_993_191, 85_177),
            (411, 29_639_234, 62_303),
            (411, 21_964_229, 44_865),
            (411, 15_667_120, 32_934),
            (411, 11_627_921, 23_221),
            (411, 7_692_398, 14_685),
            (411, 3_628_329, -116_530)
        ]
    );
    assert_eq!(deciles.total, 728_589_226);
    assert!((deciles.rows[9].cumulative - 1.0).abs() < 1e-12);
    assert!(shop.figures.decile(0).await.is_err() && shop.figures.decile(1_000_000).await.is_err());
}
