//! What was answered before is not asked again, and nothing old is given out.

use crate::shop::{Shop, TODAY, order};
use history::OrderKind;
use insights::Bands;
use vocabulary::Currency;

async fn shop() -> Shop {
    let mut shop = Shop::empty(Currency::JPY, TODAY).await;
    shop.add(vec![order("1", 1, OrderKind::Order, "2026-10-01", 3_000)]).await;
    shop
}

#[tokio::test]
async fn other_bands_and_pages_need_no_new_question_while_nothing_changes() {
    let shop = shop().await;
    shop.figures.rfm(Bands::usual()).await.unwrap();
    let asked = shop.asked();
    shop.figures.rfm(Bands::usual()).await.unwrap();
    shop.figures.rfm(Bands::new(vec![7, 14], vec![1, 4]).unwrap()).await.unwrap();
    shop.figures.rfm_selection(Bands::usual(), vec![(0, 0)]).await.unwrap();
    assert_eq!(shop.asked(), asked);
}

#[tokio::test]
async fn those_who_ask_at_the_same_time_share_the_questions() {
    let shop = shop().await;
    let ask = || {
        let figures = shop.figures.clone();
        tokio::spawn(async move { figures.home(28).await.unwrap() })
    };
    let asked: Vec<_> = (0..10).map(|_| ask()).collect();
    for home in asked {
        assert_eq!(home.await.unwrap().orders.now, 0);
    }
    assert_eq!(shop.asked(), 5, "days, buyers before, weeks, buyers, second orders");
}

#[tokio::test]
async fn a_new_order_and_a_new_day_are_seen_at_once() {
    let mut shop = shop().await;
    assert_eq!(shop.figures.home(28).await.unwrap().orders.now, 0);
    shop.add(vec![order("2", 2, OrderKind::Order, TODAY, 500)]).await;
    assert_eq!(shop.figures.home(28).await.unwrap().orders.now, 1);
    assert_eq!(shop.figures.rfm(Bands::usual()).await.unwrap().cells[0][0].people, 1);
    shop.turn_to("2026-12-31");
    assert_eq!(shop.figures.home(28).await.unwrap().orders.now, 0);
    assert_eq!(shop.figures.rfm(Bands::usual()).await.unwrap().cells[0][0].people, 0);
}
