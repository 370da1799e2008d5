//! All rows of one moment as files, for a backup, and back again.
//!
//! SQLite writes a whole database of its own (`VACUUM INTO`). On PostgreSQL each table is read by `COPY` within one
//! transaction that sees one moment, so that no program of the server's version is needed beside Najimi.

use crate::{Dialect, Migration, Records, RecordsError, RecordsResult, Sql, values};
use futures::StreamExt;
use sea_orm::{
    FromQueryResult,
    sqlx::{self, AssertSqlSafe, Connection, Row, postgres::PgConnection},
};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// The file of an SQLite database in a snapshot.
pub const SQLITE_FILE: &str = "records.db";
/// Bytes that go to the database at once.
const CHUNK_BYTES: usize = 1 << 20;

/// The records of one moment, in files.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The files, by their names in the folder that was given.
    pub files: Vec<SnapshotFile>,
    /// The migrations that its tables have had.
    pub migrations: BTreeSet<String>,
    /// The settings of the moment.
    pub settings: BTreeMap<String, String>,
}

/// One file of a snapshot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotFile {
    /// `records.db`, or the table's name with `.copy`.
    pub name: String,
    /// The columns in the order of the file; none for a whole database.
    pub columns: Vec<String>,
}

#[derive(FromQueryResult)]
struct Setting {
    name: String,
    value: String,
}

impl Records {
    /// Writes all rows of this moment into a folder that is empty.
    pub async fn snapshot(&self, folder: &Path) -> RecordsResult<Snapshot> {
        match self.dialect() {
            Dialect::Sqlite => self.snapshot_sqlite(folder).await,
            Dialect::Postgres => self.snapshot_postgres(folder).await,
        }
    }

    async fn snapshot_sqlite(&self, folder: &Path) -> RecordsResult<Snapshot> {
        let file = folder.join(SQLITE_FILE);
        self.copy_to(&file).await?;
        let copy = Records::open(&format!("sqlite://{}", file.display()), self.clock()).await?;
        let reader = copy.reader();
        let migrations: Vec<String> = reader.column("SELECT name AS value FROM migrations", vec![]).await?;
        let settings: Vec<Setting> = reader.all("SELECT name, value FROM settings", vec![]).await?;
        copy.close().await;
        Ok(Snapshot {
            files: vec![SnapshotFile { name: SQLITE_FILE.to_owned(), columns: Vec::new() }],
            migrations: migrations.into_iter().collect(),
            settings: settings.into_iter().map(|row| (row.name, row.value)).collect(),
        })
    }

    async fn snapshot_postgres(&self, folder: &Path) -> RecordsResult<Snapshot> {
        let mut connection = self.write.get_postgres_connection_pool().acquire().await.map_err(failed)?;
        let mut tx = connection.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY").await.map_err(failed)?;
        let mut files = Vec::new();
        for (table, columns) in tables(&mut tx).await? {
            let name = format!("{table}.copy");
            copy_out(&mut tx, &table, &columns, &folder.join(&name)).await?;
            files.push(SnapshotFile { name, columns });
        }
        let names = sqlx::query("SELECT name FROM migrations").fetch_all(&mut *tx).await.map_err(failed)?;
        let settings = sqlx::query("SELECT name, value FROM settings").fetch_all(&mut *tx).await.map_err(failed)?;
        tx.rollback().await.map_err(failed)?;
        Ok(Snapshot {
            files,
            migrations: names.iter().map(|row| row.get::<String, _>(0)).collect(),
            settings: settings.iter().map(|row| (row.get(0), row.get(1))).collect(),
        })
    }

    /// Fills an empty PostgreSQL database with the rows of a snapshot. Its tables are made as they were at the time.
    pub async fn load(&self, folder: &Path, files: &[SnapshotFile], migrations: &[&[Migration]]) -> RecordsResult<()> {
        self.migrate(migrations).await?;
        let mut connection = self.write.get_postgres_connection_pool().acquire().await.map_err(failed)?;
        let mut tx = connection.begin().await.map_err(failed)?;
        for table in in_order(&mut tx).await? {
            let file = files.iter().find(|file| file.name.strip_suffix(".copy") == Some(table.as_str()));
            let Some(file) = file else { continue };
            execute(&mut tx, format!("DELETE FROM \"{table}\"")).await?;
            copy_in(&mut tx, &table, &file.columns, &folder.join(&file.name)).await?;
        }
        tx.commit().await.map_err(failed)
    }

    /// Whether no table holds anything but the marks of migrations.
    pub async fn is_empty(&self) -> RecordsResult<bool> {
        let sql = match self.dialect() {
            Dialect::Sqlite => {
                "SELECT name AS value FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            }
            Dialect::Postgres => {
                "SELECT table_name::text AS value FROM information_schema.tables WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'"
            }
        };
        for table in self.reader().column::<String>(sql, vec![]).await? {
            let some = format!("SELECT CAST(1 AS BIGINT) AS value FROM \"{table}\" LIMIT 1");
            if table != "migrations" && self.reader().scalar::<i64>(&some, values![]).await?.is_some() {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

fn failed(error: sqlx::Error) -> RecordsError {
    RecordsError::Database(sea_orm::DbErr::Custom(error.to_string()))
}

fn disk(error: std::io::Error) -> RecordsError {
    RecordsError::Disk(error)
}

async fn execute(tx: &mut PgConnection, sql: String) -> RecordsResult<()> {
    sqlx::query(AssertSqlSafe(sql)).execute(tx).await.map(|_| ()).map_err(failed)
}

/// The tables with their columns.
async fn tables(tx: &mut PgConnection) -> RecordsResult<Vec<(String, Vec<String>)>> {
    let sql = "SELECT table_name::text, array_agg(column_name::text ORDER BY ordinal_position) FROM information_schema.columns \
               JOIN information_schema.tables USING (table_schema, table_name) \
               WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' GROUP BY table_name ORDER BY table_name";
    let rows = sqlx::query(sql).fetch_all(tx).await.map_err(failed)?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}

/// The tables, those that others refer to first.
async fn in_order(tx: &mut PgConnection) -> RecordsResult<Vec<String>> {
    let mut waiting: Vec<String> = tables(tx).await?.into_iter().map(|(table, _)| table).collect();
    let sql = "SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint WHERE contype = 'f' AND conrelid <> confrelid";
    let rows = sqlx::query(sql).fetch_all(tx).await.map_err(failed)?;
    let edges: Vec<(String, String)> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
    let mut ordered: Vec<String> = Vec::new();
    while !waiting.is_empty() {
        let is_ready = |table: &String| edges.iter().all(|(from, to)| from != table || ordered.contains(to));
        let (ready, rest): (Vec<String>, Vec<String>) = waiting.into_iter().partition(is_ready);
        // Tables that refer to each other in a ring have no order; the database then says which.
        let is_ring = ready.is_empty();
        ordered.extend(ready);
        waiting = rest;
        if is_ring {
            ordered.append(&mut waiting);
        }
    }
    Ok(ordered)
}

fn list(columns: &[String]) -> String {
    columns.iter().map(|column| format!("\"{column}\"")).collect::<Vec<_>>().join(", ")
}

async fn copy_out(tx: &mut PgConnection, table: &str, columns: &[String], path: &Path) -> RecordsResult<()> {
    let mut file = tokio::io::BufWriter::new(tokio::fs::File::create(path).await.map_err(disk)?);
    let mut rows = tx.copy_out_raw(&format!("COPY \"{table}\" ({}) TO STDOUT", list(columns))).await.map_err(failed)?;
    while let Some(chunk) = rows.next().await {
        file.write_all(&chunk.map_err(failed)?).await.map_err(disk)?;
    }
    file.flush().await.map_err(disk)
}

async fn copy_in(tx: &mut PgConnection, table: &str, columns: &[String], path: &Path) -> RecordsResult<()> {
    let mut file = tokio::fs::File::open(path).await.map_err(disk)?;
    let mut rows = tx.copy_in_raw(&format!("COPY \"{table}\" ({}) FROM STDIN", list(columns))).await.map_err(failed)?;
    let mut chunk = vec![0; CHUNK_BYTES];
    loop {
        let bytes = file.read(&mut chunk).await.map_err(disk)?;
        if bytes == 0 {
            break;
        }
        rows.send(&chunk[..bytes]).await.map_err(failed)?;
    }
    rows.finish().await.map(|_| ()).map_err(failed)
}
