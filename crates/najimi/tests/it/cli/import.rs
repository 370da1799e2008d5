//! Files come in by the command line as they do through the browser.

use super::{home::Home, rows};
use serde_json::json;

/// Three orders of two customers, a line without a customer, and one that is broken.
const ORDERS: &str = "注文番号,受注日,会員ID,商品コード,商品名,個数,価格\n\
    1001,2026-10-01 10:00,7,A-1,青い皿,2,1200\n\
    1001,2026-10-01 10:00,7,A-2,白い皿,1,800\n\
    1002,2026-10-03 11:30,8,A-1,青い皿,1,1200\n\
    1003,2026-10-05 09:15,,B-9,髙﨑の湯呑,3,500\n\
    1004,2026-10-06 09:15,8,B-9,髙﨑の湯呑,たくさん,500\n";

pub fn cp932(text: &str) -> Vec<u8> {
    let (bytes, _, has_gaps) = encoding_rs::SHIFT_JIS.encode(text);
    assert!(!has_gaps);
    bytes.into_owned()
}

/// Rows of orders without the four last columns: which import told of the order last, how often it was told, when, and
/// when the whole of it was told.
fn without_telling(orders: &[String]) -> Vec<&str> {
    orders.iter().map(|row| row.rsplitn(5, ',').last().unwrap()).collect()
}

testing::on_both! {
    async fn the_same_file_again_changes_nothing(home: Home) {
        home.set_up();
        let path = home.file("orders.csv", cp932(ORDERS));
        let file = path.to_str().unwrap();

        let looked = home.najimi(&["import", "orders", file, "--dry-run", "--json"]);
        assert_eq!((looked.code, &looked.json()["effect"]), (3, &json!({ "new": 3, "changed": 0, "unchanged": 0 })), "{looked:?}");
        assert_eq!(looked.json()["rows"][3]["values"]["product_name"], "髙﨑の湯呑");
        assert!(rows::all(&home).await["imports"].is_empty(), "a look leaves nothing behind");

        let first = home.najimi(&["import", "orders", file, "--json"]);
        assert_eq!(first.code, 3, "{first:?}");
        let told = first.json();
        assert_eq!(told["classes"], json!({ "purchase": 3, "no_customer": 1, "rejected": 1 }));
        assert_eq!((&told["state"], &told["lines"], &told["effect"]["new"]), (&json!("done"), &json!(5), &json!(3)));
        assert_eq!(told["rejected"][0]["line"], 6);
        let (orders, history) = (rows::all(&home).await["orders"].clone(), counts(&home));
        assert_eq!((orders.len(), history[0]["orders"].as_i64(), history[0]["total"].as_i64()), (3, Some(3), Some(5_900)));

        let again = home.najimi(&["import", "orders", file, "--encoding", "cp932"]);
        assert_eq!(again.code, 3, "{again:?}");
        assert!(again.out.contains("5 lines = 3 purchases + 1 without customer number + 1 not taken"), "{}", again.out);
        assert!(again.out.contains("Nothing new: all of it was known."), "{}", again.out);
        assert!(again.out.contains("line 6: "), "{}", again.out);
        let now = rows::all(&home).await["orders"].clone();
        assert_eq!(without_telling(&now), without_telling(&orders), "not a byte of the orders has changed");
        assert_eq!(counts(&home), history);
    }

    async fn beside_a_server_the_server_does_the_work(home: Home) {
        let server = home.serve();
        let path = home.file("orders.csv", ORDERS.lines().take(4).map(|line| format!("{line}\n")).collect::<String>());
        let told = home.najimi(&["import", "orders", path.to_str().unwrap()]);
        assert_eq!(told.code, 0, "{told:?}");
        assert!(told.err.contains("The work is done by `najimi serve`"), "{}", told.err);
        assert!(told.out.contains("3 lines = 3 purchases") && told.out.contains("2 new"), "{}", told.out);
        let shown = server.get("/api/imports");
        assert!(shown.1.contains("\"state\":\"done\"") && shown.1.contains("orders.csv"), "{}", shown.1);
        server.stop();
        assert_eq!(rows::all(&home).await["audit_log"].iter().filter(|row| row.contains("import.start")).count(), 1);
    }
}

fn counts(home: &Home) -> Vec<serde_json::Value> {
    home.ask("SELECT COUNT(*) AS orders, SUM(amount_minor) AS total, (SELECT COUNT(*) FROM order_lines) AS lines FROM orders")
}

#[test]
fn wrong_words_have_a_code_of_their_own() {
    let home = Home::new(String::new());
    let before = home.najimi(&["import", "orders", home.file("orders.csv", ORDERS).to_str().unwrap()]);
    assert_eq!(before.code, 1, "{before:?}");
    assert!(before.err.contains("there is no data folder"), "{}", before.err);
    home.set_up();
    let file = home.beside("orders.csv");
    let file = file.to_str().unwrap();
    for (arguments, sentence) in [
        (vec!["import", "orders", "none.csv"], "there is no file `none.csv`"),
        (vec!["import", "baskets", file], "invalid value 'baskets'"),
        (
            vec!["import", "orders", file, "--encoding", "latin1"],
            "there is no encoding `latin1`; there are utf-8, cp932",
        ),
        (vec!["import", "orders", file, "--currency", "GBP"], "need a rate to JPY"),
        (vec!["import", "orders", file, "--map", "注文番号"], "has no `=`"),
        (vec!["import", "orders", file, "--map", "なし=sku"], "There is no column `なし`; there are 注文番号, 受注日"),
        (vec!["import", "orders", file, "--map", "個数=pieces"], "There is no field `pieces`; there are order_number"),
        (vec!["import", "orders", file, "--map", "受注日="], "no column is chosen for"),
        (vec!["import", "customers", file, "--consent-basis", "会員登録"], "--consent-proof"),
    ] {
        let told = home.najimi(&arguments);
        assert_eq!(told.code, 2, "{arguments:?}: {told:?}");
        assert!(told.err.contains(sentence), "{arguments:?}: {}", told.err);
    }
    let archive = home.file("orders.zip", b"PK\x03\x04 and so on");
    let told = home.najimi(&["import", "orders", archive.to_str().unwrap()]);
    assert!(told.code == 2 && told.err.contains("archive may hold many files"), "{told:?}");
}

#[test]
fn a_declared_consent_makes_people_reachable_and_a_column_can_be_chosen() {
    let home = Home::new(String::new());
    home.set_up();
    let file = home.file("members.csv", "番号,姓,名,連絡先\n1,佐藤,花,hana@example.com\n2,鈴木,一,ichi@example.com\n");
    let file = file.to_str().unwrap();
    let maps = ["--map", "番号=customer_number", "--map", "連絡先=email"];
    let consent = ["--consent-basis", "会員登録の同意", "--consent-proof", "規約 第3条"];
    let told = home.najimi(&[&["import", "customers", file][..], &maps, &consent].concat());
    assert_eq!(told.code, 0, "{told:?}");
    assert!(told.out.contains("2 lines = 2 customers") && told.out.contains("2 new"), "{}", told.out);
    assert!(told.err.contains("番号 → customer_number") && told.err.contains("連絡先 → email"), "{}", told.err);
    let rows = tokio::runtime::Runtime::new().unwrap().block_on(rows::all(&home));
    assert_eq!(rows["consents"].iter().filter(|row| row.contains("granted") && row.contains("規約 第3条")).count(), 2);
    assert!(!told.err.contains("hana@example.com"), "what is logged tells of nobody");
}
