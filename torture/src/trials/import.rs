//! An import that is killed in the middle ends as if nothing had happened.

use crate::{Ground, Report, chance::Chance, report::seconds, shop::Shop};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    fmt::Write as _,
    thread::sleep,
    time::{Duration, Instant},
};

/// What an import comes to: its report, and the books after it.
#[derive(Debug, PartialEq)]
struct Account {
    classes: Value,
    lines: Value,
    books: BTreeMap<String, i64>,
    history: BTreeMap<String, Value>,
}

/// A file of orders with every class of line in it, broken ones included.
fn file(orders: u64, chance: &mut Chance) -> String {
    let mut text = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n".to_owned();
    for order in 0..orders {
        let (day, customer) = (chance.between(1, 28), chance.between(12_000, 12_900));
        let customer = if chance.one_in(5) { String::new() } else { customer.to_string() };
        let number = if chance.one_in(12) { format!("C{}", 536_000 + order) } else { (536_000 + order).to_string() };
        for _ in 0..chance.between(1, 9) {
            let quantity = chance.between(1, 30) as i64 * if number.starts_with('C') { -1 } else { 1 };
            let quantity = if chance.one_in(300) { "many".to_owned() } else { quantity.to_string() };
            let price = if chance.one_in(60) { 0.0 } else { chance.between(10, 990) as f64 / 100.0 };
            let sku = chance.between(10_000, 10_500);
            writeln!(text, "{number},{sku},LAMP {sku},{quantity},2026-10-{day:02} 08:26,{price:.2},{customer},Japan")
                .unwrap();
        }
        if chance.one_in(400) {
            writeln!(text, "{number},ragged").unwrap();
        }
    }
    text
}

/// Brings a file in and starts the import; tells where it is.
fn start(shop: &Shop, file: &str) -> String {
    let part = |head: &str, text: &str| format!("--line\r\ncontent-disposition: form-data; {head}\r\n\r\n{text}\r\n");
    let form = part("name=\"kind\"", "orders") + &part("name=\"file\"; filename=\"orders.csv\"", file) + "--line--\r\n";
    let mut operator = shop.operator();
    let form = Some(("multipart/form-data; boundary=line", form.as_bytes()));
    let uploaded = operator.call("POST", "/api/imports", form).unwrap().json();
    let preview = &uploaded["preview"];
    let columns = preview["columns"].as_array().unwrap().iter();
    let mapping: serde_json::Map<String, Value> =
        columns.map(|column| (column["index"].to_string(), column["field"].clone())).collect();
    let mut options = preview["options"].clone();
    options["rate"] = json!("150");
    let path = format!("/api/imports/{}", uploaded["import_id"].as_str().unwrap());
    operator.send("POST", &format!("{path}/start"), &json!({ "mapping": mapping, "options": options })).unwrap().json();
    path
}

/// Waits for the end and takes everything down. Ends the program.
fn account(shop: &mut Shop, path: &str) -> Account {
    let (mut operator, mut found) = (shop.operator(), Value::Null);
    shop.wait_until("importing", || {
        found = operator.get(path).map(|answer| answer.json()).unwrap_or_default();
        assert_ne!(found["state"], "failed", "{found}");
        found["state"] == "done" && found["lag"] == 0
    });
    shop.catch_up();
    shop.stop();
    let books = shop.books();
    let mut numbers = BTreeMap::new();
    for (name, sql) in [
        ("orders", "SELECT COUNT(*) AS value FROM orders"),
        ("orders' sum", "SELECT CAST(SUM(reporting) AS BIGINT) AS value FROM orders"),
        ("pieces", "SELECT CAST(SUM(quantity) AS BIGINT) AS value FROM orders"),
        ("people", "SELECT COUNT(*) AS value FROM customers"),
        ("people's orders", "SELECT CAST(SUM(orders) AS BIGINT) AS value FROM customer_values"),
        ("people's sales", "SELECT CAST(SUM(sales) AS BIGINT) AS value FROM customer_values"),
        ("people's refunds", "SELECT CAST(SUM(refunds) AS BIGINT) AS value FROM customer_values"),
        ("products", "SELECT COUNT(*) AS value FROM products"),
        ("product lines", "SELECT CAST(SUM(lines) AS BIGINT) AS value FROM products"),
    ] {
        numbers.insert(name.to_owned(), books.number(sql));
    }
    let by_order = books.pairs("SELECT number AS name, reporting AS value FROM orders");
    numbers.extend(by_order);
    let sql = "SELECT kind, COUNT(*) AS n, COUNT(DISTINCT number) AS d, SUM(reporting_minor) AS s, SUM(quantity) AS q FROM orders GROUP BY kind";
    let by_kind = shop.home.query(sql).into_iter().map(|row| (row["kind"].as_str().unwrap().to_owned(), row));
    let mut history: BTreeMap<String, Value> = by_kind.collect();
    let lines = shop.home.query("SELECT COUNT(*) AS n, SUM(reporting_minor) AS s FROM order_lines").remove(0);
    history.insert("lines".to_owned(), lines);
    Account { classes: found["classes"].clone(), lines: found["lines"].clone(), books: numbers, history }
}

fn wait_until_read(shop: &mut Shop, path: &str) {
    let mut operator = shop.operator();
    shop.wait_until("reading the file", || operator.get(path).is_ok_and(|answer| answer.json()["state"] == "done"));
}

/// One import runs undisturbed; the same file is imported again elsewhere under kills. Both accounts are equal.
pub fn killed_in_the_middle(ground: &Ground) -> Result<Report, String> {
    let (orders, imports, kills) = ground.pick((1_500, 1, 5), (30_000, 5, 12));
    let settings = [("NAJIMI_HISTORY__FLUSH_ROWS", "2000"), ("NAJIMI_HISTORY__FLUSH_SECONDS", "1")];
    let mut chance = Chance::new(ground.seed);
    let file = file(orders, &mut chance);
    let mut shop = Shop::open(ground, &settings);
    let begun = Instant::now();
    let path = start(&shop, &file);
    let expected = account(&mut shop, &path);
    let undisturbed = begun.elapsed();
    drop(shop);
    let (mut done, mut met) = (0, BTreeMap::new());
    for _ in 0..imports {
        let mut shop = Shop::open(ground, &settings);
        let path = start(&shop, &file);
        for kill in 0..kills {
            // Half of the kills meet the reading of the file, half its orders on their way through the pipeline.
            if kill >= kills / 2 {
                wait_until_read(&mut shop, &path);
            }
            sleep(Duration::from_millis(chance.between(0, if kill == 0 { 60 } else { ground.pick(300, 1_500) })));
            let found = shop.operator().get(&path).map(|answer| answer.json()).unwrap_or_default();
            let state = found["state"].as_str().unwrap_or("unknown").to_owned();
            let is_waiting = if found["lag"] == 0 { "" } else { ", its events on their way" };
            *met.entry(format!("{state}{is_waiting}")).or_insert(0_u64) += 1;
            shop.kill();
            done += 1;
            shop.start();
        }
        let found = account(&mut shop, &path);
        assert_eq!(found, expected, "the killed import came to something else");
    }
    Ok(Report::new("an import killed in the middle ends like an undisturbed one", done, "kills")
        .figure("lines", expected.lines)
        .figure("differences", 0)
        .figure("kills by the import's state", json!(met))
        .figure("seconds undisturbed", seconds(undisturbed)))
}
