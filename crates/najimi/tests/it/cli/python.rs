//! The history is open: the `deltalake` package of Python reads what the program wrote, and both count alike.

use super::home::Home;
use serde_json::Value;
use std::{io::Write, process::Command};

#[test]
fn python_counts_what_the_query_counts() {
    // `make test` names a Python that has the package (tools/python_for_tests.sh).
    let python = std::env::var("NAJIMI_TEST_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let has_package = Command::new(&python).args(["-c", "import deltalake, pyarrow"]).output();
    if !has_package.is_ok_and(|output| output.status.success()) {
        return skip();
    }
    let home = Home::new(String::new());
    home.set_up();
    let mut orders = "注文番号,受注日,会員ID,商品コード,商品名,個数,価格\n".to_owned();
    for number in 0..500 {
        let (month, day, customer) = (1 + number % 9, 1 + number % 28, number % 40);
        orders.push_str(&format!(
            "{number},2026-0{month}-{day:02} 10:00,{customer},S{},皿,{},{}\n",
            number % 7,
            1 + number % 5,
            100 + number
        ));
        orders.push_str(&format!("{number},2026-0{month}-{day:02} 10:00,{customer},S9,鉢,1,300\n"));
    }
    home.done(&["import", "orders", home.file("orders.csv", orders).to_str().unwrap()]);

    let ours = home.ask(
        "SELECT (SELECT COUNT(*) FROM orders) AS orders, (SELECT SUM(amount_minor) FROM orders) AS amount_minor, \
         (SELECT COUNT(*) FROM order_lines) AS order_lines, (SELECT SUM(quantity) FROM order_lines) AS quantity, \
         (SELECT COUNT(*) FROM events) AS events",
    );
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tools/read_history.py");
    let output = Command::new(&python).arg(script).arg(home.data().join("history")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let theirs: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(theirs, ours[0]);
    assert_eq!((&theirs["orders"], &theirs["order_lines"]), (&Value::from(500), &Value::from(1_000)));
}

/// A skip is counted beside those of the databases, and printed by `make test`.
fn skip() {
    eprintln!("left out: the Python package `deltalake` is not installed (sh tools/python_for_tests.sh)");
    let mut file = std::fs::File::options().create(true).append(true).open(testing::skips_file()).unwrap();
    writeln!(file, "{}::python_counts_what_the_query_counts", module_path!()).unwrap();
}
