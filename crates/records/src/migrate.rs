//! Migrations: go forward only, expand first and contract later, each in one transaction, by the feature's name.

use crate::{Records, RecordsResult, sql::Sql, values};
use sea_orm::ConnectionTrait;
use std::collections::HashSet;

/// A step of a feature's tables: SQL that both databases read.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// `0001_customers`: unique in the whole product.
    pub name: &'static str,
    /// Statements, each ended by `;` at the end of a line. `BINARY_TEXT` is text that is compared byte by byte on both
    /// databases, whatever the language of the server: for keys that are looked up by their beginning.
    pub sql: &'static str,
}

pub(crate) async fn migrate(records: &Records, features: &[&[Migration]]) -> RecordsResult<()> {
    let writer = records.writer();
    writer
        .execute_unprepared("CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY, applied_at BIGINT NOT NULL)")
        .await?;
    let done: HashSet<String> =
        records.reader().column("SELECT name AS value FROM migrations", vec![]).await?.into_iter().collect();
    let wanted = [crate::MIGRATIONS].into_iter().chain(features.iter().copied()).flatten();
    for migration in wanted.filter(|migration| !done.contains(migration.name)) {
        apply(records, migration).await?;
        tracing::info!(migration = migration.name, "applied a migration");
    }
    Ok(())
}

/// One transaction, the mark included: a migration that was made and not marked would be made again, and fail.
async fn apply(records: &Records, migration: &Migration) -> RecordsResult<()> {
    let tx = records.begin(&crate::Actor::System("migrate"), "migrate").await?;
    let binary_text = if records.dialect() == crate::Dialect::Sqlite { "TEXT" } else { "TEXT COLLATE \"C\"" };
    let sql = migration.sql.replace("BINARY_TEXT", binary_text);
    for statement in sql.split(";\n").map(str::trim).filter(|statement| !statement.is_empty()) {
        tx.connection().execute_unprepared(statement).await?;
    }
    let mark = "INSERT INTO migrations (name, applied_at) VALUES ($1, $2)";
    tx.execute(mark, values![migration.name, tx.began_at().micros()]).await?;
    tx.commit().await
}
