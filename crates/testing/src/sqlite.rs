//! Templates of SQLite databases: migrated once, then copied.

use crate::{
    clock,
    database::{beside_tests, fingerprint},
};
use records::{Migration, Records};
use std::path::PathBuf;

/// The file of a database with these tables. Made under another name first, so that a test that runs at the same
/// time never copies half of one; when two make it, the same thing is put in place twice.
pub(crate) async fn template(migrations: &[&[Migration]]) -> PathBuf {
    let file = beside_tests().join(format!("{}.db", fingerprint(migrations)));
    if !file.exists() {
        let folder = tempfile::tempdir_in(beside_tests()).expect("a folder");
        let draft = folder.path().join("draft.db");
        let records = Records::open(&format!("sqlite://{}", draft.display()), clock()).await.expect("a new database");
        records.migrate(migrations).await.expect("migrations");
        let whole = folder.path().join("whole.db");
        records.copy_to(&whole).await.expect("a copy");
        records.close().await;
        std::fs::rename(whole, &file).expect("the template in place");
    }
    file
}
