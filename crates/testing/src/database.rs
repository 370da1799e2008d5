//! A fresh database with the tables of a story, made from a template, gone afterwards.

use crate::{Stage, clock, postgres::Server, sqlite};
use records::{Migration, Records};
use std::{
    hash::{DefaultHasher, Hash, Hasher},
    path::PathBuf,
    sync::Arc,
};
use tempfile::TempDir;
use vocabulary::clock::ManualClock;

/// A fresh database. Cheap to clone.
#[derive(Clone)]
pub struct TestDatabase {
    /// The records in it.
    pub records: Records,
    /// The clock that stamps them; it stands still until it is moved.
    pub clock: Arc<ManualClock>,
    url: String,
    home: Home,
}

#[derive(Clone)]
enum Home {
    Folder(#[expect(dead_code, reason = "removed when dropped")] Arc<TempDir>),
    Server(&'static Server, String),
}

impl TestDatabase {
    /// On SQLite, in a folder of its own.
    pub async fn sqlite(migrations: &[&[Migration]]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("records.db");
        std::fs::copy(sqlite::template(migrations).await, &file).expect("a copy of the template");
        Self::open(format!("sqlite://{}", file.display()), Home::Folder(Arc::new(folder))).await
    }

    pub(crate) async fn postgres(server: &'static Server, migrations: &[&[Migration]]) -> Self {
        let name = server.create(migrations).await;
        Self::open(server.url(&name), Home::Server(server, name)).await
    }

    async fn open(url: String, home: Home) -> Self {
        let clock = clock();
        let records = Records::open(&url, clock.clone()).await.expect("an open database");
        Self { records, clock, url, home }
    }

    /// Its address, for a second process or a restart.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The same database by other connections, as another process or a restart sees it.
    pub async fn reopened(&self) -> Records {
        Records::open(&self.url, self.clock.clone()).await.expect("an open database")
    }

    pub(crate) async fn remove(self) {
        self.records.close().await;
        if let Home::Server(server, name) = &self.home {
            server.remove(name).await;
        }
    }
}

impl Stage for TestDatabase {
    fn migrations() -> Vec<&'static [Migration]> {
        Vec::new()
    }
    async fn set(database: TestDatabase) -> Self {
        database
    }
}

/// What these tables are known by: changes with each letter of their SQL.
pub(crate) fn fingerprint(migrations: &[&[Migration]]) -> String {
    let mut hasher = DefaultHasher::new();
    for migration in [records::MIGRATIONS].iter().chain(migrations).flat_map(|feature| feature.iter()) {
        (migration.name, migration.sql).hash(&mut hasher);
    }
    format!("{:016x}", hasher.finish())
}

/// A folder beside the test programs, which `cargo clean` removes with them.
pub(crate) fn beside_tests() -> PathBuf {
    let program = std::env::current_exe().expect("the path of this program");
    let folder = program.parent().expect("a folder").join("najimi-tests");
    std::fs::create_dir_all(&folder).expect("a folder for templates");
    folder
}
