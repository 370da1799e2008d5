//! Connections: one that writes and a few that read on SQLite, one pool on PostgreSQL.

use crate::{Actor, Reader, RecordsError, RecordsResult, Tx, migrate::Migration, sql::Sql};
use sea_orm::{ConnectOptions, Database, DatabaseConnection, DbBackend, sqlx};
use std::{sync::Arc, time::Duration};
use tokio::sync::Notify;
use vocabulary::SharedClock;

/// Which database it is; only for the few sentences that differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// SQLite: one writer at a time.
    Sqlite,
    /// PostgreSQL: many writers, rows are locked.
    Postgres,
}

impl Dialect {
    /// `sqlite` or `postgres`.
    pub const fn name(self) -> &'static str {
        match self {
            Dialect::Sqlite => "sqlite",
            Dialect::Postgres => "postgres",
        }
    }
}

/// The records database.
#[derive(Clone)]
pub struct Records {
    pub(crate) write: DatabaseConnection,
    read: DatabaseConnection,
    dialect: Dialect,
    clock: SharedClock,
    outbox_filled: Arc<Notify>,
}

/// Readers beside the one writer of SQLite.
const SQLITE_READERS: u32 = 4;
/// Connections to PostgreSQL.
const POSTGRES_CONNECTIONS: u32 = 16;

impl Records {
    /// Opens `sqlite://FILE` (made when missing) or `postgres://…`. `clock` stamps audit rows.
    pub async fn open(url: &str, clock: SharedClock) -> RecordsResult<Self> {
        let (write, read, dialect) = if url.starts_with("sqlite:") {
            let write = Database::connect(sqlite(url, 1)).await?;
            assert_sqlite_version(&write).await?;
            (write, Database::connect(sqlite(url, SQLITE_READERS)).await?, Dialect::Sqlite)
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let pool = Database::connect(postgres(url)).await?;
            (pool.clone(), pool, Dialect::Postgres)
        } else {
            // What follows may hold a password.
            return Err(RecordsError::Address(url.split("://").next().unwrap_or_default().chars().take(20).collect()));
        };
        Ok(Self { write, read, dialect, clock, outbox_filled: Arc::new(Notify::new()) })
    }

    /// Brings the tables up to date.
    pub async fn migrate(&self, migrations: &[&[Migration]]) -> RecordsResult<()> {
        crate::migrate::migrate(self, migrations).await
    }

    /// For questions only.
    pub fn reader(&self) -> Reader {
        Reader::new(self.read.clone(), self.dialect)
    }

    /// Begins a change by `actor`; `action` names it in the audit log (`coupon.redeem`).
    pub async fn begin(&self, actor: &Actor, action: &'static str) -> RecordsResult<Tx> {
        Tx::begin(&self.write, self.dialect, actor.clone(), action, self.clock.now(), self.outbox_filled.clone()).await
    }

    /// Which database it is.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Resolves when a transaction has put events into the outbox.
    pub async fn outbox_filled(&self) {
        self.outbox_filled.notified().await;
    }

    pub(crate) fn clock(&self) -> SharedClock {
        self.clock.clone()
    }

    /// Closes all connections; on SQLite this folds the write-ahead log into the file.
    pub async fn close(&self) {
        let _ = self.read.clone().close().await;
        let _ = self.write.clone().close().await;
    }

    /// Writes a consistent copy of an SQLite database to `path`; PostgreSQL has its own tools.
    pub async fn copy_to(&self, path: &std::path::Path) -> RecordsResult<()> {
        let reader = self.reader();
        reader.execute("VACUUM INTO $1", crate::values![path.to_string_lossy().into_owned()]).await.map(|_| ())
    }
}

fn sqlite(url: &str, connections: u32) -> ConnectOptions {
    let separator = if url.contains('?') { '&' } else { '?' };
    let mut options = ConnectOptions::new(format!("{url}{separator}mode=rwc"));
    options
        .max_connections(connections)
        .min_connections(connections)
        .acquire_timeout(Duration::from_secs(60))
        .sqlx_logging(false);
    options.map_sqlx_sqlite_opts(|sqlite| {
        use sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
        sqlite
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(10))
            .foreign_keys(true)
            .pragma("cache_size", "-65536")
            .pragma("mmap_size", "268435456")
            .pragma("temp_store", "memory")
            // 64 MiB: a page that is changed by many commits is carried into the file once.
            .pragma("wal_autocheckpoint", "16384")
            .statement_cache_capacity(256)
    });
    options
}

fn postgres(url: &str) -> ConnectOptions {
    let mut options = ConnectOptions::new(url.to_owned());
    options.max_connections(POSTGRES_CONNECTIONS).acquire_timeout(Duration::from_secs(10)).sqlx_logging(false);
    options
}

async fn assert_sqlite_version(connection: &DatabaseConnection) -> RecordsResult<()> {
    let version: String = Reader::new(connection.clone(), Dialect::Sqlite)
        .scalar("SELECT sqlite_version() AS value", vec![])
        .await?
        .unwrap_or_default();
    let parts: Vec<u32> = version.split('.').filter_map(|part| part.parse().ok()).collect();
    if parts < vec![3, 51, 3] { Err(RecordsError::SqliteTooOld(version)) } else { Ok(()) }
}

impl From<Dialect> for DbBackend {
    fn from(dialect: Dialect) -> Self {
        match dialect {
            Dialect::Sqlite => DbBackend::Sqlite,
            Dialect::Postgres => DbBackend::Postgres,
        }
    }
}
