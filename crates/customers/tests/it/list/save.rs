//! The list as a file for a spreadsheet.

use crate::shop::{Shop, identify, on, order};
use roaring::RoaringBitmap;
use serde_json::json;
use testing::on_both;

async fn three(shop: &Shop) {
    let told = |family: &str, email: &str| json!({ "family_name": family, "given_name": "花子", "email": email });
    shop.happens(vec![
        identify("1", told("森下", "mori@example.com")),
        identify("2", told("=HYPERLINK(\"x\")", "evil@example.com")),
        identify("3", json!({ "company": "Tanaka, Ltd" })),
        order("1", "o1", on("2026-11-01"), 1_980),
        order("2", "o2", on("2026-11-02"), 100),
    ])
    .await;
}

on_both! {
    async fn a_file_holds_the_people_of_the_list_in_its_order(shop: Shop) {
        three(&shop).await;
        let file = shop.file("/api/customers.csv?sort=sales").await;
        let lines: Vec<&str> = file.trim_start_matches('\u{feff}').lines().collect();
        assert_eq!(lines[0], "番号,名前,フリガナ,会社,メール,都道府県,注文回数,売上 (JPY),最後の注文日");
        assert_eq!(lines[1], "1,森下 花子,,,mori@example.com,,1,1980,2026-11-01");
        assert_eq!(lines[2], "2,\"'=HYPERLINK(\"\"x\"\") 花子\",,,evil@example.com,,1,100,2026-11-02", "no cell is a formula");
        assert_eq!(lines[3], "3,\"Tanaka, Ltd\",,\"Tanaka, Ltd\",,,0,0,");
        assert_eq!(lines.len(), 4);
        assert!(shop.file("/api/customers.csv?language=en").await.contains("number,name,reading"));
        assert_eq!(shop.count("audit_log WHERE action = 'customers.export'").await, 2);
    }

    async fn a_search_and_a_selection_narrow_it(shop: Shop) {
        three(&shop).await;
        let found = shop.file("/api/customers.csv?search=%E6%A3%AE").await;
        assert_eq!(found.lines().count(), 2, "{found}");
        let (people, now) = (RoaringBitmap::from_iter([shop.customer("3").await.ordinal]), shop.now());
        let id = shop.change(async |tx| customers::selections::save(tx, "", &people, now).await.unwrap()).await;
        let chosen = shop.file(&format!("/api/customers.csv?selection={id}")).await;
        assert!(chosen.contains("Tanaka") && chosen.lines().count() == 2, "{chosen}");
        assert_eq!(shop.count("audit_log WHERE detail LIKE '%mori%' OR detail LIKE '%森%'").await, 0, "what was searched for stays out of the log");
    }

    async fn thousands_come_whole(shop: Shop) {
        let numbers: Vec<u32> = (0..4_100).collect();
        for some in numbers.chunks(1_000) {
            shop.happens(some.iter().map(|n| identify(&format!("{n:04}"), json!({ "city": "x" }))).collect()).await;
        }
        let file = shop.file("/api/customers.csv?sort=kana").await;
        let mut lines: Vec<&str> = file.lines().skip(1).map(|line| line.split(',').next().unwrap()).collect();
        lines.sort_unstable();
        lines.dedup();
        assert_eq!(lines.len(), 4_100);
    }
}
