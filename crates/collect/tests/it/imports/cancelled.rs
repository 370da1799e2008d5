//! Orders are cancelled in a later export: they no longer count, until that import is taken back.

use super::shop::Shop;
use axum::http::Method;
use serde_json::{Value, json};
use vocabulary::Clock as _;

const HEADER: &str = "Name,Email,Financial Status,Currency,Shipping,Discount Amount,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Cancelled at\n";

/// An export of an order of two lines with postage of 600 and 100 off.
fn export(number: &str, cancelled_at: &str) -> String {
    format!(
        "{HEADER}{number},taro@example.com,paid,JPY,600,100,2026-10-01 10:00:00 +0900,2,りんご,1200,A-1,{cancelled_at}\n\
         {number},,,,,,,1,みかん,300,B-1,{cancelled_at}\n"
    )
}

impl Shop {
    /// Brings an export in, an hour after the last one.
    async fn export(&self, cookie: &str, file: &str) -> (String, Value) {
        self.clock.set(self.clock.now().plus_seconds(3_600));
        let path = self.bring(cookie, "orders", file).await;
        self.follow(100).await;
        let told = self.call(cookie, Method::GET, &path, None).await.json();
        (path, told["effect"].clone())
    }

    /// Orders and sales of the one customer, orders that the history shows, and products.
    async fn counted(&self) -> (i64, i64, usize, i64) {
        let of = async |column: &str| {
            let sql = format!("SELECT CAST(COALESCE(SUM({column}), 0) AS BIGINT) AS value FROM customer_values");
            self.value::<i64>(&sql).await
        };
        let rows = self.stream.lock().await.shown.rows();
        let shown = rows.iter().filter(|row| row.starts_with("history.orders")).count();
        (of("orders").await, of("sales").await, shown, self.value("SELECT COUNT(*) AS value FROM products").await)
    }
}

fn effect(new: u64, changed: u64, unchanged: u64) -> Value {
    json!({ "new": new, "changed": changed, "unchanged": unchanged })
}

testing::on_both! {
    async fn an_order_that_comes_cancelled_leaves_nothing(shop: Shop) {
        let cookie = shop.sign_in().await;
        let (path, told) = shop.export(&cookie, &export("#1001", "2026-10-03 10:00:00 +0900")).await;
        assert_eq!((told, shop.counted().await), (effect(0, 0, 1), (0, 0, 0, 0)));
        let done = shop.call(&cookie, Method::GET, &path, None).await.json();
        assert_eq!(done["classes"], json!([{ "class": "cancelled", "count": 2, "is_accepted": true }]));
        let (_, told) = shop.export(&cookie, &export("#1001", "")).await;
        assert_eq!((told, shop.counted().await), (effect(0, 0, 1), (0, 0, 0, 0)), "an older export that comes later");
        shop.undo(&cookie, &path).await;
        shop.follow(100).await;
        assert_eq!(shop.counted().await, (1, 3_200, 1, 2));
    }

    async fn an_order_that_is_cancelled_later_no_longer_counts_until_that_is_undone(shop: Shop) {
        let cookie = shop.sign_in().await;
        let (_, told) = shop.export(&cookie, &export("#1001", "")).await;
        assert_eq!((told, shop.counted().await), (effect(1, 0, 0), (1, 3_200, 1, 2)));
        let cancelled = export("#1001", "2026-10-03 10:00:00 +0900");
        let (path, told) = shop.export(&cookie, &cancelled).await;
        assert_eq!((told, shop.counted().await), (effect(0, 1, 0), (0, 0, 0, 0)));
        let (again, told) = shop.export(&cookie, &cancelled).await;
        assert_eq!((told, shop.counted().await), (effect(0, 0, 1), (0, 0, 0, 0)), "the same file again");
        for path in [path, again] {
            assert_eq!(shop.counted().await.0, 0);
            shop.undo(&cookie, &path).await;
            shop.follow(100).await;
        }
        assert_eq!(shop.counted().await, (1, 3_200, 1, 2));
    }

    async fn who_came_by_an_order_that_was_cancelled_goes_with_the_file_that_brought_it(shop: Shop) {
        let cookie = shop.sign_in().await;
        let header = "order_number,customer_number,ordered_at,sku,quantity,unit_price,status\n";
        let (bought, _) = shop.export(&cookie, &format!("{header}1,C1,2026-10-01,A,1,100,新規受付\n")).await;
        shop.export(&cookie, &format!("{header}1,C1,2026-10-01,A,1,100,キャンセル\n")).await;
        shop.undo(&cookie, &bought).await;
        shop.follow(100).await;
        assert_eq!(shop.value::<i64>("SELECT COUNT(*) AS value FROM customers WHERE redirect_to IS NULL").await, 0);
    }

    async fn a_discount_among_the_lines_is_no_refund(shop: Shop) {
        let cookie = shop.sign_in().await;
        let header = "order_number,customer_number,ordered_at,sku,product_name,quantity,unit_price\n";
        let lines = ["1,C1,2026-10-01,A,りんご,1,5000\n", "1,C1,2026-10-01,,アプリ限定値引き,1,-500\n"];
        let other = "2,C1,2026-10-02,B,みかん,1,0\n";
        for file in [[lines[0], lines[1], other], [lines[1], other, lines[0]], [lines[0], other, lines[1]]] {
            shop.forget().await;
            shop.export(&cookie, &(header.to_owned() + &file.concat())).await;
            assert_eq!(shop.counted().await, (1, 4_500, 2, 1));
        }
    }
}
