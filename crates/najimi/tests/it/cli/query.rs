//! Questions to the history: answered as they are, and nothing but questions.

use super::home::Home;
use serde_json::json;

fn shop() -> Home {
    let home = Home::new(String::new());
    home.set_up();
    let orders = "注文番号,受注日,会員ID,商品コード,商品名,個数,価格\n\
        1,2026-10-01 10:00,7,A-1,青い皿,2,1200\n2,2026-10-02 10:00,,A-1,青い皿,1,1200\n";
    home.done(&["import", "orders", home.file("orders.csv", orders).to_str().unwrap()]);
    home
}

#[test]
fn an_empty_cell_is_shown_as_one() {
    let home = shop();
    let sql = "SELECT number, customer, '' AS nothing, CAST(NULL AS DOUBLE) AS fraction, is_simulated FROM orders ORDER BY number";
    let rows = home.ask(sql);
    assert_eq!(
        rows[1],
        json!({ "number": "2", "customer": null, "nothing": "", "fraction": null, "is_simulated": false })
    );
    assert!(rows[0]["customer"].is_i64());
    let csv = home.done(&["query", "--csv", sql]);
    assert_eq!(csv.lines().next(), Some("number,customer,nothing,fraction,is_simulated"));
    assert_eq!(csv.lines().nth(2), Some("2,,\"\",,false"));
    assert_eq!(home.done(&["query", sql]), csv, "no terminal: for programs");
}

#[test]
fn a_text_from_outside_is_no_formula_in_csv() {
    let home = shop();
    let orders = "注文番号,受注日,会員ID,商品コード,商品名,個数,価格\n\
        =1+1,2026-10-03 10:00,7,@A,\"=HYPERLINK(\"\"https://example.com\"\")\",1,1200\n";
    home.done(&["import", "orders", home.file("more.csv", orders).to_str().unwrap()]);
    let told =
        home.done(&["query", "--csv", "SELECT name, sku, -1 AS number FROM order_lines WHERE sku LIKE '%A' LIMIT 1"]);
    assert_eq!(told.lines().nth(1), Some("\"'=HYPERLINK(\"\"https://example.com\"\")\",'@A,-1"), "{told}");
    let names = home.done(&["query", "--csv", "SELECT 1 AS \"=cmd\""]);
    assert_eq!(names.lines().next(), Some("'=cmd"));
}

#[test]
fn whatever_is_no_question_is_refused() {
    let home = shop();
    let stolen = home.beside("stolen.csv");
    let copy = format!("COPY orders TO '{}'", stolen.display());
    let file = format!("SELECT * FROM '{}'", home.data().join("keys").display());
    let parquet = format!("SELECT * FROM read_parquet('{}')", home.data().display());
    let external = format!("CREATE EXTERNAL TABLE x STORED AS CSV LOCATION '{}'", home.data().display());
    for sql in [
        copy.as_str(),
        file.as_str(),
        parquet.as_str(),
        external.as_str(),
        "DROP TABLE orders",
        "CREATE VIEW v AS SELECT 1",
        "INSERT INTO orders SELECT * FROM orders",
        "DELETE FROM orders",
        "UPDATE orders SET kind = 'x'",
        "SET datafusion.execution.batch_size = 1",
        "SELECT 1; SELECT 2",
        "EXPLAIN DROP TABLE orders",
        "SELECT * FROM generate_series(1, 3)",
        "SELECT * FROM information_schema.tables",
        "SELECT * FROM customers",
        "SHOW TABLES",
        // A few letters would make gigabytes of these.
        "SELECT repeat('a', 3) FROM orders",
        "SELECT lpad('a', 3, 'b') FROM orders",
        "SELECT rpad('a', 3, 'b') FROM orders",
        "not a question",
        "",
    ] {
        let told = home.najimi(&["query", sql]);
        assert_eq!(told.code, 2, "{sql}: {told:?}");
        assert!(told.out.is_empty(), "{sql}: {told:?}");
    }
    assert!(!stolen.exists());
    assert_eq!(home.ask("SELECT COUNT(*) AS n FROM orders")[0]["n"], 2);
}

#[test]
fn a_folder_without_history_is_told() {
    let told = Home::new(String::new()).najimi(&["query", "SELECT 1"]);
    assert!(told.code == 1 && told.err.contains("there is no history in"), "{told:?}");
}
