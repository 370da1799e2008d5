//! The books that are compared: the records database, read directly.

use records::{Records, Sql, Value};
use std::{collections::BTreeMap, sync::Arc};
use tokio::runtime::{Builder, Runtime};
use vocabulary::clock::SystemClock;

/// Reads the records beside the program or after it.
pub struct Books {
    runtime: Runtime,
    records: Records,
}

impl Books {
    /// Opens the database at this address.
    pub fn open(url: &str) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let records = runtime.block_on(Records::open(url, Arc::new(SystemClock))).unwrap();
        Self { runtime, records }
    }

    /// One number; the column is `value`.
    pub fn number(&self, sql: &str) -> i64 {
        let found = self.runtime.block_on(self.records.reader().scalar::<Option<i64>>(sql, vec![]));
        found.unwrap_or_else(|error| panic!("{sql}: {error:?}")).flatten().unwrap_or(0)
    }

    /// Texts; the column is `value`.
    pub fn texts(&self, sql: &str, bound: Vec<Value>) -> Vec<String> {
        self.runtime
            .block_on(self.records.reader().column::<String>(sql, bound))
            .unwrap_or_else(|error| panic!("{sql}: {error:?}"))
    }

    /// Numbers by name; the columns are `name` and `value`.
    pub fn pairs(&self, sql: &str) -> BTreeMap<String, i64> {
        let joined = format!("SELECT name || '=' || CAST(value AS TEXT) AS value FROM ({sql}) AS pairs");
        let pair = |text: &String| {
            let (name, value) = text.rsplit_once('=').unwrap();
            (name.to_owned(), value.parse().unwrap())
        };
        self.texts(&joined, vec![]).iter().map(pair).collect()
    }
}

impl Drop for Books {
    fn drop(&mut self) {
        self.runtime.block_on(self.records.close());
    }
}
