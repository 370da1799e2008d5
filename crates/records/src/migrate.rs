//! Migrations: go forward only, expand first and contract later, each in one transaction with its mark, by the feature's
//! name.
//!
//! Invariant: a migration happens once, also when the program dies beside it or two programs begin at the same time; and
//! a program that does not know a migration of the database refuses to work with it (shown in `tests/it/migrate.rs`).

use crate::{Actor, Dialect, Records, RecordsError, RecordsResult, Tx, sql::Sql, values};
use sea_orm::ConnectionTrait;
use std::collections::HashSet;

/// A step of a feature's tables: SQL that both databases read.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// `0001_customers`: unique in the whole product.
    pub name: &'static str,
    /// Statements, each ended by `;` at the end of a line. `BINARY_TEXT` is text that is compared byte by byte on both
    /// databases, whatever the language of the server: for keys that are looked up by their beginning. `) CLUSTERED`
    /// ends a table of short rows that is kept in the order of its key where the database can do that (SQLite), and
    /// `DENSE_KEY` is a number that is the key of such a table of long rows.
    pub sql: &'static str,
}

pub(crate) async fn migrate(records: &Records, features: &[&[Migration]]) -> RecordsResult<()> {
    let wanted: Vec<&Migration> = [crate::MIGRATIONS].into_iter().chain(features.iter().copied()).flatten().collect();
    let tx = alone(records).await?;
    tx.connection()
        .execute_unprepared("CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY, applied_at BIGINT NOT NULL)")
        .await?;
    let done = done(&tx).await?;
    tx.commit().await?;
    if let Some(name) = done.iter().find(|name| wanted.iter().all(|migration| migration.name != name.as_str())) {
        return Err(RecordsError::Newer(name.clone()));
    }
    for migration in wanted.into_iter().filter(|migration| !done.contains(migration.name)) {
        apply(records, migration).await?;
    }
    Ok(())
}

/// One transaction, the mark included: a migration that was made and not marked would be made again, and fail.
async fn apply(records: &Records, migration: &Migration) -> RecordsResult<()> {
    let tx = alone(records).await?;
    if done(&tx).await?.contains(migration.name) {
        return tx.rollback().await;
    }
    let sql = in_words_of(records.dialect(), migration.sql);
    for statement in sql.split(";\n").map(str::trim).filter(|statement| !statement.is_empty()) {
        tx.connection().execute_unprepared(statement).await?;
    }
    tx.execute(
        "INSERT INTO migrations (name, applied_at) VALUES ($1, $2)",
        values![migration.name, tx.began_at().micros()],
    )
    .await?;
    tx.commit().await?;
    tracing::info!(migration = migration.name, "applied the migration {}", migration.name);
    Ok(())
}

fn in_words_of(dialect: Dialect, sql: &str) -> String {
    let (binary_text, clustered, dense_key) = match dialect {
        Dialect::Sqlite => ("TEXT", ") WITHOUT ROWID", "INTEGER PRIMARY KEY"),
        Dialect::Postgres => ("TEXT COLLATE \"C\"", ")", "BIGINT PRIMARY KEY"),
    };
    sql.replace("BINARY_TEXT", binary_text).replace(") CLUSTERED", clustered).replace("DENSE_KEY", dense_key)
}

/// Any number, as long as it is the same in every program that migrates.
const MIGRATING: i64 = 0x6e61_6a69_6d69;

/// A transaction beside which no other program migrates. SQLite has one writer anyway.
async fn alone(records: &Records) -> RecordsResult<Tx> {
    let tx = records.begin(&Actor::System("migrate"), "migrate").await?;
    if records.dialect() == Dialect::Postgres {
        tx.execute("SELECT pg_advisory_xact_lock($1)", values![MIGRATING]).await?;
    }
    Ok(tx)
}

async fn done(tx: &Tx) -> RecordsResult<HashSet<String>> {
    Ok(tx.column("SELECT name AS value FROM migrations", vec![]).await?.into_iter().collect())
}
