//! A file comes in through the browser: looked at, started, read to its end, and read again by its classes.

mod cancelled;
mod resume;
mod shop;
mod stream;
mod undo;
mod upload;

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use shop::Shop;

const FILE: &str = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n\
    536365,85123A,LAMP,6,2026-10-01 08:26,2.55,17850,United Kingdom\n\
    536365,71053,=CMD(),6,2026-10-01 08:26,3.39,17850,United Kingdom\n\
    536366,22633,WARMER,2,2026-10-01 08:28,1.85,,United Kingdom\n\
    C536379,D,Discount,-1,2026-10-01 09:41,27.50,14527,United Kingdom\n\
    536414,22139,,56,2026-10-01 11:52,0,,United Kingdom\n\
    536415,22140,TOY,many,2026-10-01 11:53,1,17850,United Kingdom\n\
    536416,22140,TOY\n";

fn choices(preview: &Value) -> Value {
    let columns = preview["columns"].as_array().unwrap();
    let mapping: serde_json::Map<String, Value> =
        columns.iter().map(|column| (column["index"].to_string(), column["field"].clone())).collect();
    let mut options = preview["options"].clone();
    options["rate"] = json!("150");
    json!({ "mapping": mapping, "options": options })
}

testing::on_both! {
    async fn a_file_is_looked_at_started_and_accounted_for(shop: Shop) {
        let cookie = shop.sign_in().await;
        let uploaded = shop.upload(&cookie, "orders", FILE).await;
        assert_eq!(uploaded.0, StatusCode::CREATED, "{}", uploaded.1);
        let uploaded: Value = serde_json::from_str(&uploaded.1).unwrap();
        let preview = &uploaded["preview"];
        assert_eq!((&preview["preset"], &preview["options"]["currency"]), (&json!("UCI Online Retail"), &json!("GBP")));
        assert_eq!(preview["notices"][0]["code"], "import_nobody_reachable");
        let path = format!("/api/imports/{}", uploaded["import_id"].as_str().unwrap());
        let refused = shop.call(&cookie, Method::POST, &format!("{path}/start"), Some(json!({ "mapping": choices(preview)["mapping"], "options": preview["options"] }))).await;
        assert_eq!((refused.0, refused.1.contains("import_rate_missing")), (StatusCode::UNPROCESSABLE_ENTITY, true));
        let looked = shop.call(&cookie, Method::POST, &format!("{path}/preview"), Some(choices(preview))).await.json();
        assert_eq!(looked["expected"], json!({ "new": 4, "changed": 0, "unchanged": 0, "rejected": 2 }));
        assert_eq!((looked["rows"].as_array().unwrap().len(), &looked["rows"][0]["outcome"]), (7, &json!("purchase")));

        let started = shop.call(&cookie, Method::POST, &format!("{path}/start"), Some(choices(preview))).await.json();
        assert_eq!(started["state"], "running");
        let again = shop.call(&cookie, Method::POST, &format!("{path}/start"), Some(choices(preview))).await;
        assert_eq!(again.0, StatusCode::CONFLICT);
        shop.work().await;
        let done = shop.call(&cookie, Method::GET, &path, None).await.json();
        assert_eq!((&done["state"], &done["lines"], &done["lag"]), (&json!("done"), &json!(7), &json!(0)), "{done}");
        let counts: Vec<(&str, u64)> = done["classes"].as_array().unwrap().iter().map(|one| (one["class"].as_str().unwrap(), one["count"].as_u64().unwrap())).collect();
        assert_eq!(counts, [("purchase", 2), ("no_customer", 1), ("refund", 1), ("free", 1), ("rejected", 2)]);
        assert_eq!(done["effect"], json!({ "new": 4, "changed": 0, "unchanged": 0 }));
        assert_eq!(shop.intake.backfill.end(), 4);

        let rejected = shop.call(&cookie, Method::GET, &format!("{path}/lines?class=rejected&limit=1"), None).await.json();
        assert_eq!(rejected["items"][0]["raw"], "536415,22140,TOY,many,2026-10-01 11:53,1,17850,United Kingdom");
        let cursor = rejected["next_cursor"].as_str().unwrap();
        let rest = shop.call(&cookie, Method::GET, &format!("{path}/lines?class=rejected&cursor={cursor}"), None).await.json();
        assert_eq!((&rest["items"][0]["line"], &rest["next_cursor"]), (&json!(8), &Value::Null));
        let bought = shop.call(&cookie, Method::GET, &format!("{path}/lines?class=purchase"), None).await.json();
        assert_eq!((&bought["items"][1]["line"], bought["items"].as_array().unwrap().len()), (&json!(3), 2));
        let csv = shop.call(&cookie, Method::GET, &format!("{path}/lines.csv?class=purchase"), None).await.1;
        assert!(csv.contains("3,purchase,536365,71053,'=CMD(),6,"), "{csv}");
        let csv = shop.call(&cookie, Method::GET, &format!("{path}/lines.csv?class=rejected"), None).await.1;
        assert_eq!(csv.lines().count(), 3, "{csv}");
    }

    async fn two_presses_of_start_are_one(shop: Shop) {
        let cookie = shop.sign_in().await;
        for _ in 0..8 {
            let uploaded: Value = serde_json::from_str(&shop.upload(&cookie, "orders", FILE).await.1).unwrap();
            let path = format!("/api/imports/{}/start", uploaded["import_id"].as_str().unwrap());
            let choices = choices(&uploaded["preview"]);
            let press = || shop.call(&cookie, Method::POST, &path, Some(choices.clone()));
            let (first, second) = tokio::join!(press(), press());
            let mut answers = [first.0, second.0];
            answers.sort();
            assert_eq!(answers, [StatusCode::OK, StatusCode::CONFLICT]);
        }
        shop.work().await;
    }

    async fn the_rate_of_the_last_file_in_a_currency_is_proposed(shop: Shop) {
        let cookie = shop.sign_in().await;
        let upload = async |file: &str| shop.upload(&cookie, "orders", file).await.json();
        let uploaded = upload(FILE).await;
        assert_eq!(uploaded["preview"]["options"]["rate"], Value::Null);
        let path = format!("/api/imports/{}/start", uploaded["import_id"].as_str().unwrap());
        shop.call(&cookie, Method::POST, &path, Some(choices(&uploaded["preview"]))).await.json();
        assert_eq!(upload(FILE).await["preview"]["options"]["rate"], "150");
        let yen = "order_number,ordered_at,sku,quantity,unit_price,customer_number\n1,2026-10-01,A,1,100,7\n";
        assert_eq!(upload(yen).await["preview"]["options"]["rate"], Value::Null);
    }

    async fn an_order_too_large_to_count_with_is_refused_with_a_reason(shop: Shop) {
        let cookie = shop.sign_in().await;
        let file = "order_number,ordered_at,sku,quantity,unit_price,customer_number\n\
            1,2026-10-01,A,1,9000000000000,7\n\
            1,2026-10-01,B,1,9000000000000,7\n\
            2,2026-10-01,A,1,100,7\n";
        let uploaded = shop.upload(&cookie, "orders", file).await.json();
        let preview = &uploaded["preview"];
        assert_eq!((&preview["expected"]["new"], &preview["expected"]["rejected"]), (&json!(1), &json!(2)), "{preview}");
        assert_eq!(preview["rows"][0]["outcome"], "rejected");
        let path = format!("/api/imports/{}", uploaded["import_id"].as_str().unwrap());
        shop.call(&cookie, Method::POST, &format!("{path}/start"), Some(choices(preview))).await.json();
        shop.work().await;
        let rejected = shop.call(&cookie, Method::GET, &format!("{path}/lines?class=rejected"), None).await.json();
        assert_eq!((&rejected["items"][1]["line"], rejected["items"].as_array().unwrap().len()), (&json!(3), 2), "{rejected}");
        let bought = shop.call(&cookie, Method::GET, &format!("{path}/lines?class=purchase"), None).await.json();
        assert_eq!(bought["items"].as_array().unwrap().len(), 1);
    }

    async fn orders_that_name_people_by_mail_only_give_customers(shop: Shop) {
        let cookie = shop.sign_in().await;
        let file = "Name,Email,Financial Status,Currency,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Billing Name\n\
            #1001,Taro@example.com,paid,JPY,2026-10-01 10:00:00 +0900,2,りんご,1200,A-1,佐藤 太郎\n\
            #1001,,,,,1,みかん,300,B-1,\n\
            #1002,taro@example.com,paid,JPY,2026-10-02 10:00:00 +0900,1,りんご,1200,A-1,佐藤 太郎\n\
            #1003,,paid,JPY,2026-10-03 10:00:00 +0900,1,りんご,1200,A-1,\n";
        let uploaded = shop.upload(&cookie, "orders", file).await.json();
        let preview = &uploaded["preview"];
        let notices: Vec<&Value> = preview["notices"].as_array().unwrap().iter().map(|notice| &notice["code"]).collect();
        assert!(notices.contains(&&json!("import_known_by_mail")), "{notices:?}");
        let path = format!("/api/imports/{}", uploaded["import_id"].as_str().unwrap());
        shop.call(&cookie, Method::POST, &format!("{path}/start"), Some(choices(preview))).await.json();
        shop.work().await;
        shop.follow(100).await;
        let done = shop.call(&cookie, Method::GET, &path, None).await.json();
        let classes = json!([
            { "class": "purchase", "count": 3, "is_accepted": true }, { "class": "no_customer", "count": 1, "is_accepted": true }
        ]);
        assert_eq!(done["classes"], classes);
        let known = "SELECT number || ' ' || family_name || ' ' || CAST(v.orders AS TEXT) || ' ' || CAST(v.sales AS TEXT) AS value \
                     FROM customers c JOIN customer_values v ON v.customer = c.customer";
        assert_eq!(shop.value::<String>(known).await, "taro@example.com 佐藤 2 3900");
        assert_eq!(shop.value::<i64>("SELECT COUNT(*) AS value FROM customers").await, 1);
    }

    async fn what_is_no_table_leaves_nothing_behind(shop: Shop) {
        let cookie = shop.sign_in().await;
        let refused = shop.upload(&cookie, "orders", "PK\x03\x04 an archive").await;
        assert_eq!((refused.0, refused.1.contains("file_is_archive")), (StatusCode::UNPROCESSABLE_ENTITY, true));
        assert_eq!(std::fs::read_dir(&shop.folder).unwrap().count(), 0);
        let list = shop.call(&cookie, Method::GET, "/api/imports", None).await.json();
        assert_eq!(list["items"], json!([]));
    }

    async fn an_import_that_waits_can_be_stopped_and_begun_again(shop: Shop) {
        let cookie = shop.sign_in().await;
        let uploaded: Value = serde_json::from_str(&shop.upload(&cookie, "orders", FILE).await.1).unwrap();
        let path = format!("/api/imports/{}", uploaded["import_id"].as_str().unwrap());
        let choices = choices(&uploaded["preview"]);
        shop.call(&cookie, Method::POST, &format!("{path}/start"), Some(choices.clone())).await;
        let stopped = shop.call(&cookie, Method::POST, &format!("{path}/stop"), Some(json!({}))).await.json();
        assert_eq!(stopped["state"], "stopped");
        let started = shop.call(&cookie, Method::POST, &format!("{path}/start"), Some(choices)).await.json();
        assert_eq!(started["state"], "running");
        shop.work().await;
        assert_eq!(shop.call(&cookie, Method::GET, &path, None).await.json()["state"], "done");
    }
}
