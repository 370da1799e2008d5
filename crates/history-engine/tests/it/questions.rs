//! Questions with bound values, and what a person may type.

use crate::shop::{NOW, follow, open, options};
use history::{Fault, HistoryError, HistoryReader, Lane, Query, Value};
use history_engine::{History, Options};

async fn shop() -> (tempfile::TempDir, History) {
    let folder = tempfile::tempdir().unwrap();
    let history = open(folder.path()).await;
    follow(&history, Lane::Live, 0, 60).await;
    history.flush(NOW).await.unwrap();
    follow(&history, Lane::Live, 60, 100).await;
    (folder, history)
}

async fn count(history: &History, query: Query) -> i64 {
    history.query(&query).await.unwrap().single_i64("n").unwrap()
}

#[tokio::test]
async fn values_are_bound_by_type() {
    let (_folder, history) = shop().await;
    let all = count(&history, Query::new("SELECT count(*) AS n FROM orders")).await;
    let early = Query::new("SELECT count(*) AS n FROM orders WHERE local_day < $day").bind("day", 20_600_i64);
    let late = Query::new("SELECT count(*) AS n FROM orders WHERE ordered_at >= $at AND is_simulated = $simulated")
        .bind_instant("at", 20_600 * 86_400_000_000)
        .bind("simulated", false);
    assert_eq!(count(&history, early).await + count(&history, late).await, all);
    let refunds = Query::new("SELECT count(*) AS n FROM orders WHERE kind = $kind").bind("kind", "refund");
    assert!(count(&history, refunds).await > 0);
    let share =
        Query::new("SELECT count(*) AS n FROM orders WHERE reporting_minor * $share > 100.5").bind("share", 0.1);
    assert!(count(&history, share).await > 0);
    let limited = Query::new("SELECT order_id FROM orders ORDER BY order_id LIMIT $most").bind("most", 3_i64);
    assert_eq!(history.query(&limited).await.unwrap().len(), 3);
}

#[tokio::test]
async fn text_that_looks_like_sql_stays_text() {
    let (_folder, history) = shop().await;
    let query = Query::new("SELECT count(*) AS n FROM orders WHERE site = $site").bind("site", "' OR '1'='1");
    assert_eq!(count(&history, query).await, 0);
}

#[tokio::test]
async fn lists_of_any_length_mean_the_same() {
    let (_folder, history) = shop().await;
    let within = "SELECT count(*) AS n FROM orders WHERE customer IN ($customers)";
    let outside = "SELECT count(*) AS n FROM orders WHERE customer NOT IN ($customers)";
    let short: Vec<i64> = (0..10).collect();
    // The same people and many that do not exist: too many to be written into the plan.
    let long: Vec<i64> = (0..10).chain(1_000..5_000).collect();
    for sql in [within, outside] {
        let by_short = count(&history, Query::new(sql).bind("customers", short.clone())).await;
        let by_long = count(&history, Query::new(sql).bind("customers", long.clone())).await;
        assert!(by_short > 0);
        assert_eq!(by_short, by_long, "{sql}");
    }
    assert_eq!(count(&history, Query::new(within).bind("customers", Vec::<i64>::new())).await, 0);
    let kinds = vec!["order".to_owned(), "refund".to_owned()];
    let by_kind = Query::new("SELECT count(*) AS n FROM orders WHERE kind IN ($kinds)").bind("kinds", kinds);
    let all = Query::new("SELECT count(*) AS n FROM orders");
    assert_eq!(count(&history, by_kind).await, count(&history, all).await);
}

#[tokio::test]
async fn answers_keep_their_types_and_empty_cells() {
    let (_folder, history) = shop().await;
    let sql = "SELECT customer, kind, is_simulated, ordered_at, avg(reporting_minor) AS mean
               FROM orders GROUP BY ALL ORDER BY customer NULLS FIRST, ordered_at LIMIT 2";
    let rows = history.query(&Query::new(sql.replace("GROUP BY ALL", "GROUP BY 1, 2, 3, 4"))).await.unwrap();
    assert_eq!(rows.names(), ["customer", "kind", "is_simulated", "ordered_at", "mean"]);
    assert_eq!(rows.i64s("customer").unwrap().get(0), None);
    assert_eq!(rows.texts("kind").unwrap().get(0).map(String::as_str), Some("refund"));
    assert_eq!(rows.bools("is_simulated").unwrap().get(1), Some(&false));
    assert!(*rows.i64s("ordered_at").unwrap().get(0).unwrap() > 1_700_000_000_000_000);
    assert!(*rows.f64s("mean").unwrap().get(0).unwrap() > 100.0);
    assert!(matches!(rows.texts("customer"), Err(HistoryError::Answer { .. })));
    assert!(matches!(rows.i64s("nobody"), Err(HistoryError::Answer { .. })));
}

#[tokio::test]
async fn a_wrong_question_is_the_callers_fault() {
    let (_folder, history) = shop().await;
    let wrong = [
        Query::new("SELEC 1"),
        Query::new("SELECT nothing FROM orders"),
        Query::new("SELECT 1 FROM people"),
        Query::new("SELECT count(*) AS n FROM orders WHERE customer = $customer"),
        Query::new("SELECT count(*) AS n FROM orders WHERE customer = $list").bind("list", vec![1_i64]),
        Query::new("DROP TABLE orders"),
        Query::new("SELECT 1; SELECT 2"),
    ];
    for query in wrong {
        let error = history.query(&query).await.unwrap_err();
        assert_eq!(error.fault(), Fault::Caller, "{}: {error}", query.sql());
        assert!(!error.is_worth_retrying());
    }
    let bound = Query::new("SELECT 1").bind_value("unused", Value::I64(1));
    assert_eq!(history.query(&bound).await.unwrap().len(), 1);
}

#[tokio::test]
async fn what_is_typed_only_reads() {
    let (folder, history) = shop().await;
    let allowed = [
        "SELECT count(*) FROM orders",
        "WITH big AS (SELECT * FROM orders WHERE reporting_minor > 1500) SELECT count(*) FROM big JOIN order_lines USING (order_id)",
        "EXPLAIN SELECT count(*) FROM events",
        "select month, sum(reporting_minor) from orders group by month union all select 'x', 1",
        "VALUES (1), (2)",
    ];
    for sql in allowed {
        history.query_readonly(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
    let target = folder.path().join("out.csv");
    let copy = format!("COPY (SELECT * FROM orders) TO '{}'", target.display());
    let refused = [
        copy.as_str(),
        "CREATE TABLE mine AS SELECT * FROM orders",
        "CREATE EXTERNAL TABLE t STORED AS CSV LOCATION '/etc/passwd'",
        "CREATE VIEW v AS SELECT 1",
        "INSERT INTO orders SELECT * FROM orders",
        "DELETE FROM orders",
        "UPDATE orders SET kind = 'free'",
        "DROP TABLE orders",
        "SET datafusion.execution.batch_size = 1",
        "SHOW TABLES",
        "EXPLAIN ANALYZE INSERT INTO orders SELECT * FROM orders",
        "PREPARE p AS SELECT 1",
        "SELECT 1; SELECT 2",
        "SELECT * INTO mine FROM orders",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM generate_series(1, 10)",
        "SELECT * FROM range(10)",
        "SELECT * FROM superseded",
        "SELECT * FROM stored",
        "SELECT * FROM information_schema.tables",
        "",
    ];
    for sql in refused {
        let error = history.query_readonly(sql).await.err().unwrap_or_else(|| panic!("{sql} was answered"));
        assert_eq!(error.fault(), Fault::Caller, "{sql}: {error}");
    }
    assert!(!target.exists());
}

#[tokio::test]
async fn depth_and_length_are_bounded() {
    let (_folder, history) = shop().await;
    let nested = format!("SELECT {}1{}", "(".repeat(5_000), ")".repeat(5_000));
    let chained = format!("SELECT 1{} FROM orders", " + 1".repeat(20_000));
    let long = format!("SELECT '{}'", "x".repeat(100_000));
    for sql in [nested, chained, long] {
        let error = history.query_readonly(&sql).await.unwrap_err();
        assert!(matches!(error.fault(), Fault::Caller | Fault::Load), "{error}");
        assert!(error.to_string().len() < 2_000);
    }
    // The deepest that is allowed is answered.
    let chained = format!("SELECT count(*) FROM orders WHERE {}false", "quantity = 5 OR ".repeat(480));
    history.query_readonly(&chained).await.unwrap();
}

#[tokio::test]
async fn the_programs_own_wide_conditions_are_answered() {
    let (_folder, history) = shop().await;
    let conditions = (0..500).map(|place| format!("customer = {place}")).collect::<Vec<_>>().join(" OR ");
    let query = Query::new(format!("SELECT count(*) AS n FROM orders WHERE {conditions}"));
    assert!(count(&history, query).await > 0);
}

#[tokio::test]
async fn an_answer_that_is_too_large_or_too_slow_is_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options { answer_rows_max: 10, query_seconds_max: 0, ..options() };
    let history = History::open(folder.path(), Options { query_seconds_max: 60, ..options.clone() }).await.unwrap();
    follow(&history, Lane::Live, 0, 60).await;
    let error = history.query(&Query::new("SELECT order_id FROM orders")).await.unwrap_err();
    assert!(matches!(error, HistoryError::TooMuch { .. }), "{error}");
    history.flush(NOW).await.unwrap();
    let hasty = History::open_to_read(folder.path(), options).await.unwrap();
    let cross = "SELECT count(*) FROM order_lines a, order_lines b, order_lines c, order_lines d";
    let error = hasty.query(&Query::new(cross)).await.unwrap_err();
    assert!(matches!(error, HistoryError::TooSlow { .. }) && error.is_worth_retrying(), "{error}");
}
