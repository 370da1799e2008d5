//! The list, page by page: no row is lost, none comes twice, whatever ties there are.

use crate::shop::{Shop, alias, identify, on, order};
use axum::http::StatusCode;
use roaring::RoaringBitmap;
use serde_json::{Value, json};
use testing::on_both;

const SORTS: [&str; 4] = ["last_order", "sales", "orders", "kana"];

/// People with few different names, days and sums, so that most rows are ties. Every fifth never bought, and one of a
/// few has no reading.
async fn people(shop: &Shop, count: u32) {
    let name = |n: u32| match n % 7 {
        0 => json!({ "city": "x" }),
        kana => {
            json!({ "family_name": "名", "family_kana": (["ア", "アイ", "ササキ", "サトウ", "ン", "高"][kana as usize - 1]) })
        }
    };
    let numbers: Vec<u32> = (0..count).collect();
    for some in numbers.chunks(1_000) {
        shop.happens(some.iter().map(|n| identify(&format!("{n:04}"), name(*n))).collect()).await;
        let buyers = some.iter().filter(|n| *n % 5 != 0);
        let bought = |n: &u32| {
            order(
                &format!("{n:04}"),
                &format!("o{n}"),
                on(["2026-10-01", "2026-10-02", "2026-10-09"][(n % 3) as usize]),
                i64::from(n % 4) * 100 + 100,
            )
        };
        shop.happens(buyers.map(bought).collect()).await;
    }
}

fn numbers(rows: &[Value]) -> Vec<String> {
    rows.iter().map(|row| row["number"].as_str().unwrap().to_owned()).collect()
}

fn sorted(mut numbers: Vec<String>) -> Vec<String> {
    numbers.sort();
    numbers
}

async fn selection(shop: &Shop, people: &RoaringBitmap) -> String {
    let now = shop.now();
    shop.change(async |tx| customers::selections::save(tx, "選んだ人", people, now).await.unwrap()).await.to_string()
}

on_both! {
    async fn every_row_comes_once_in_every_order(shop: Shop) {
        people(&shop, 83).await;
        let all: Vec<String> = (0..83).map(|n| format!("{n:04}")).collect();
        for sort in SORTS {
            let whole = numbers(&shop.walk(&format!("/api/customers?sort={sort}&"), 200).await);
            assert_eq!(sorted(whole.clone()), all, "{sort}");
            for limit in [1, 7, 10, 83] {
                assert_eq!(numbers(&shop.walk(&format!("/api/customers?sort={sort}&"), limit).await), whole, "{sort} by {limit}");
            }
        }
    }

    async fn a_selection_has_the_order_of_the_whole_list(shop: Shop) {
        people(&shop, 83).await;
        let chosen: RoaringBitmap = (0..83).filter(|n| n % 3 != 1).collect();
        let id = selection(&shop, &chosen).await;
        for sort in SORTS {
            let whole = numbers(&shop.walk(&format!("/api/customers?sort={sort}&"), 200).await);
            let expected: Vec<String> = whole.into_iter().filter(|number| number.parse::<u32>().unwrap() % 3 != 1).collect();
            for limit in [4, 11, 200] {
                let rows = shop.walk(&format!("/api/customers?sort={sort}&selection={id}&"), limit).await;
                assert_eq!(numbers(&rows), expected, "{sort} by {limit}");
            }
        }
    }

    async fn a_large_selection_comes_whole_too(shop: Shop) {
        people(&shop, 3_400).await;
        let chosen: RoaringBitmap = (0..3_400).filter(|n| n % 17 != 3).collect();
        assert!(chosen.len() > 3_000);
        let id = selection(&shop, &chosen).await;
        for sort in SORTS {
            let rows = shop.walk(&format!("/api/customers?sort={sort}&selection={id}&"), 199).await;
            let expected: Vec<String> = chosen.iter().map(|n| format!("{n:04}")).collect();
            assert_eq!(sorted(numbers(&rows)), expected, "{sort}");
        }
        let page = shop.get(&format!("/api/customers?selection={id}&limit=1")).await;
        assert_eq!(page["total"], json!(chosen.len()));
    }

    async fn figures_fall_and_readings_rise(shop: Shop) {
        people(&shop, 83).await;
        let of = async |sort: &str| shop.walk(&format!("/api/customers?sort={sort}&"), 50).await;
        for (sort, figure) in [("sales", "/sales/minor"), ("orders", "/orders")] {
            let figures: Vec<i64> = of(sort).await.iter().map(|row| row.pointer(figure).unwrap().as_i64().unwrap()).collect();
            assert!(figures.is_sorted_by(|a, b| a >= b), "{sort}: {figures:?}");
        }
        let days: Vec<String> = of("last_order").await.iter().map(|row| row["last_order_day"].as_str().unwrap_or("").to_owned()).collect();
        assert!(days.is_sorted_by(|a, b| a >= b), "{days:?}");
        let kana: Vec<String> = of("kana").await.iter().map(|row| row["kana"].as_str().unwrap_or("").to_owned()).collect();
        assert!(kana.is_sorted(), "{kana:?}");
    }

    async fn a_cursor_of_another_order_is_refused(shop: Shop) {
        people(&shop, 20).await;
        for from in SORTS {
            let page = shop.get(&format!("/api/customers?sort={from}&limit=5")).await;
            let cursor = page["next_cursor"].as_str().unwrap();
            for sort in SORTS {
                let (status, body) = shop.ask(&format!("/api/customers?sort={sort}&limit=5&cursor={cursor}")).await;
                if sort == from {
                    assert_eq!(status, StatusCode::OK);
                } else {
                    assert_eq!((status, &body["code"]), (StatusCode::BAD_REQUEST, &json!("cursor_unfit")), "{from} {sort}");
                }
            }
        }
    }

    async fn the_first_page_says_how_many_there_are(shop: Shop) {
        people(&shop, 83).await;
        // Two turn out to be one person.
        shop.happens(vec![alias("0001", "0002", shop.now())]).await;
        let whole = shop.walk("/api/customers?", 200).await.len();
        assert_eq!(whole, 82);
        let page = shop.get("/api/customers?limit=5").await;
        assert_eq!((&page["total"], &page["has_more_than_total"]), (&json!(whole), &json!(false)));
        let cursor = page["next_cursor"].as_str().unwrap();
        let next = shop.get(&format!("/api/customers?limit=5&cursor={cursor}")).await;
        assert!(next["total"].is_null(), "it is counted once: {next}");
    }

    async fn a_search_says_how_many_it_means(shop: Shop) {
        people(&shop, 2_400).await;
        let many = shop.get("/api/customers?search=%E9%AB%98&limit=1").await;
        assert_eq!((&many["total"], &many["has_more_than_total"]), (&json!(342), &json!(false)), "a seventh of them");
        let all = shop.get("/api/customers?search=%E5%90%8D&limit=1").await;
        assert_eq!((&all["total"], &all["has_more_than_total"]), (&json!(2_057), &json!(false)));
    }
}
