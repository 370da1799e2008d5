//! People are found by the beginning of any of their words.

use crate::shop::{Shop, encoded, identify, on, order};
use serde_json::json;
use testing::on_both;

/// The numbers of those who are found.
async fn found(shop: &Shop, typed: &str) -> Vec<String> {
    let page = shop.get(&format!("/api/customers?sort=kana&search={}", encoded(typed))).await;
    let mut numbers: Vec<String> =
        page["items"].as_array().unwrap().iter().map(|row| row["number"].as_str().unwrap().to_owned()).collect();
    numbers.sort();
    numbers
}

async fn people(shop: &Shop) {
    shop.happens(vec![
        identify("NA1", json!({ "family_name": "佐藤", "given_name": "花子", "family_kana": "サトウ", "given_kana": "ハナコ", "email": "Hanako.Sato@Example.com", "phone": "090-1234-5678" })),
        identify("NB2", json!({ "family_name": "髙橋", "given_name": "一郎", "family_kana": "タカハシ", "given_kana": "イチロウ", "phone": "03-1234-9999" })),
        identify("NC3", json!({ "family_name": "渡邊", "given_name": "次郎", "company": "株式会社山田商店" })),
        identify("ND4", json!({ "family_name": "佐々木", "family_kana": "ササキ" })),
    ])
    .await;
    shop.happens(vec![order("NC3", "ENB20261001-7", on("2026-10-01"), 100)]).await;
}

on_both! {
    async fn a_name_is_found_however_it_is_typed(shop: Shop) {
        people(&shop).await;
        for typed in ["佐藤", "サトウ", "ｻﾄｳ", "satou", "さとう", "SATO", "佐藤 花子", "佐藤花子", "花子", "はなこ　さとう", "hanako sato", "サト"] {
            assert_eq!(found(&shop, typed).await, ["NA1"], "{typed}");
        }
        for typed in ["高橋", "髙橋", "takahashi", "ﾀｶﾊｼ"] {
            assert_eq!(found(&shop, typed).await, ["NB2"], "{typed}");
        }
        for typed in ["渡辺", "渡邊", "渡邉", "山田", "株式会社山田"] {
            assert_eq!(found(&shop, typed).await, ["NC3"], "{typed}");
        }
        assert_eq!(found(&shop, "佐").await, ["NA1", "ND4"]);
        assert_eq!(found(&shop, "佐藤 次郎").await, Vec::<String>::new(), "all words must fit one person");
    }

    async fn mail_numbers_and_orders_lead_to_their_person(shop: Shop) {
        people(&shop).await;
        for typed in ["hanako.sato@example.com", "HANAKO.SATO@", "5678", "12345678", "090-1234-5678", "０９０－１２３４", "NA1", "na1"] {
            assert_eq!(found(&shop, typed).await, ["NA1"], "{typed}");
        }
        assert_eq!(found(&shop, "9999").await, ["NB2"]);
        assert_eq!(found(&shop, "ENB20261001-7").await, ["NC3"], "an order's number");
        assert_eq!(found(&shop, " ENB20261001-7 ").await, ["NC3"]);
        assert_eq!(found(&shop, "ENB20261001-8").await, Vec::<String>::new());
    }

    async fn a_new_name_is_found_and_the_old_one_is_not(shop: Shop) {
        people(&shop).await;
        shop.happens(vec![identify("NA1", json!({ "family_name": "鈴木", "family_kana": "スズキ" }))]).await;
        assert_eq!(found(&shop, "鈴木").await, ["NA1"]);
        assert_eq!(found(&shop, "佐藤").await, Vec::<String>::new());
        assert_eq!(found(&shop, "NA1").await, ["NA1"]);
    }

    async fn a_company_with_a_very_long_name_does_not_hide_its_buyer(shop: Shop) {
        let company = "日本全国雑貨卸売共同組合連合会東京支部物流部第一営業課 港湾運輸倉庫株式会社神戸本店営業統括部 国際貿易促進協会関西地域本部事務局".repeat(2);
        shop.happens(vec![identify("NE9", json!({ "family_name": "龍造寺", "given_name": "隆信", "company": company, "phone": "090-5555-4321" }))]).await;
        for typed in ["龍造寺", "竜造寺", "隆信", "4321", "NE9"] {
            assert_eq!(found(&shop, typed).await, ["NE9"], "{typed}");
        }
    }

    async fn signs_that_mean_something_to_a_database_are_only_signs(shop: Shop) {
        people(&shop).await;
        for typed in ["%", "_", "'; DROP TABLE customers; --", "\\", "\u{10ffff}", "\"", "😀"] {
            assert!(found(&shop, typed).await.len() <= 4, "{typed}");
        }
        assert_eq!(found(&shop, "佐藤").await, ["NA1"]);
        assert_eq!(found(&shop, "　 ").await.len(), 4, "nothing typed is no search");
    }

    async fn a_search_within_a_selection_finds_only_those_of_it(shop: Shop) {
        people(&shop).await;
        let chosen = [shop.customer("ND4").await.ordinal].into_iter().collect();
        let now = shop.now();
        let id = shop.change(async |tx| customers::selections::save(tx, "", &chosen, now).await.unwrap()).await;
        let page = shop.get(&format!("/api/customers?selection={id}&search={}", encoded("佐"))).await;
        assert_eq!((page["items"].as_array().unwrap().len(), &page["items"][0]["number"]), (1, &json!("ND4")));
    }
}
