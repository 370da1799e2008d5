//! All rows of the records as texts, to compare one database with another.

use super::home::Home;
use records::{Dialect, Records, Sql};
use std::collections::BTreeMap;

/// The rows of each table, sorted.
pub async fn all(home: &Home) -> BTreeMap<String, Vec<String>> {
    let url = if home.records_url.is_empty() {
        format!("sqlite://{}", home.data().join("records.db").display())
    } else {
        home.records_url.clone()
    };
    let records = Records::open(&url, testing::clock()).await.unwrap();
    let reader = records.reader();
    let mut rows = BTreeMap::new();
    for table in tables(&records).await {
        let sql = match records.dialect() {
            Dialect::Sqlite => {
                let columns: Vec<String> = reader
                    .column(&format!("SELECT name AS value FROM pragma_table_info('{table}')"), vec![])
                    .await
                    .unwrap();
                let quoted: Vec<String> = columns.iter().map(|column| format!("quote(\"{column}\")")).collect();
                format!("SELECT {} AS value FROM \"{table}\" ORDER BY 1", quoted.join(" || ',' || "))
            }
            Dialect::Postgres => format!("SELECT t::text AS value FROM \"{table}\" t ORDER BY 1"),
        };
        rows.insert(table, reader.column::<String>(&sql, vec![]).await.unwrap());
    }
    records.close().await;
    rows
}

async fn tables(records: &Records) -> Vec<String> {
    let sql = match records.dialect() {
        Dialect::Sqlite => "SELECT name AS value FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
        Dialect::Postgres => {
            "SELECT table_name::text AS value FROM information_schema.tables WHERE table_schema = 'public'"
        }
    };
    records.reader().column(sql, vec![]).await.unwrap()
}
