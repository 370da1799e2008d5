//! The RFM grid and the selection of its cells.

use crate::shop::{Days, Money, Shop, TODAY, order};
use history::OrderKind;
use insights::{Bands, Cell, Grid};
use vocabulary::Currency;

fn people(grid: &Grid) -> Vec<Vec<i64>> {
    grid.cells.iter().map(|row| row.iter().map(|cell| cell.people).collect()).collect()
}

fn people_before(grid: &Grid) -> Vec<Vec<i64>> {
    grid.cells.iter().map(|row| row.iter().map(|cell| cell.people_before).collect()).collect()
}

fn away() -> Vec<(u32, u32)> {
    (2..5).flat_map(|row| (2..5).map(move |column| (row, column))).collect()
}

#[tokio::test]
async fn the_grid_of_the_demos_first_day_is_as_it_is_known() {
    let shop = Shop::demo(Money::Yen, Days::Demo, TODAY).await;
    let grid = shop.figures.rfm(Bands::usual()).await.unwrap();
    assert_eq!(
        people(&grid),
        [
            [315, 237, 345, 361, 280],
            [253, 153, 189, 139, 34],
            [92, 72, 98, 63, 5],
            [283, 185, 144, 46, 4],
            [620, 131, 52, 9, 2]
        ]
    );
    assert_eq!(
        people_before(&grid),
        [
            [171, 146, 236, 240, 159],
            [142, 149, 155, 95, 17],
            [173, 131, 107, 49, 2],
            [523, 181, 100, 20, 1],
            [354, 51, 14, 4, 1]
        ]
    );
    assert_eq!((grid.people, grid.sales), (4_112, 1_092_881_918));
    assert_eq!(grid.cells.iter().flatten().map(|cell| cell.sales).sum::<i64>(), grid.sales);

    let selection = shop.figures.rfm_selection(Bands::usual(), away()).await.unwrap();
    assert_eq!((selection.people.len(), selection.people_before), (423, 298));
    assert_eq!((selection.sales, selection.average, selection.average_all), (99_103_887, 234_288, 265_779));
    assert_eq!(format!("{:.3}", selection.share_of_sales), "0.091");

    let other = Bands::new(vec![180], vec![1, 2]).unwrap();
    assert_eq!(people(&shop.figures.rfm(other).await.unwrap()), [[943, 2_355], [620, 194]]);
}

#[tokio::test]
async fn what_was_bought_and_given_back_at_once_is_an_order_that_brought_nothing() {
    let shop = Shop::demo(Money::Pounds, Days::Demo, "2026-12-11").await;
    let buyers = shop.figures.buyers("2026-12-11".parse().unwrap()).await.unwrap();
    let buyer = buyers.people.iter().find(|buyer| buyer.customer == 12_346).unwrap();
    assert_eq!((buyer.sales, buyer.orders), (0, 1), "77,183.60 pounds, and back 16 minutes later");
    assert_eq!(buyers.people.len(), 4_338);
    assert_eq!(buyers.sales(), 831_047_705);
}

#[tokio::test]
async fn refunds_lower_sales_but_neither_frequency_nor_recency() {
    let mut shop = Shop::empty(Currency::JPY, TODAY).await;
    let mut simulated = order("5", 1, OrderKind::Order, "2026-11-12", 7_777);
    simulated.is_simulated = true;
    shop.add(vec![
        order("1", 1, OrderKind::Order, "2026-10-01", 3_000),
        order("2", 1, OrderKind::Refund, "2026-11-12", -500),
        order("3", 1, OrderKind::Free, "2026-11-13", 0),
        order("4", 2, OrderKind::Refund, "2026-11-01", -100),
        simulated,
        order("6", 1, OrderKind::Order, "2026-11-14", 1_000),
    ])
    .await;
    let bands = Bands::new(vec![30], vec![1, 2]).unwrap();
    let grid = shop.figures.rfm(bands.clone()).await.unwrap();
    let alone = Cell { people: 1, sales: 2_500, people_before: 0 };
    assert_eq!(grid.cells, [[Cell::default(); 2], [alone, Cell::default()]], "tomorrow's order is not known today");
    assert_eq!((grid.people, grid.sales), (1, 2_500), "who only gave back has not ordered");

    shop.turn_to("2026-11-14");
    let grid = shop.figures.rfm(bands).await.unwrap();
    assert_eq!(grid.cells[0][1], Cell { people: 1, sales: 3_500, people_before: 0 });
}
