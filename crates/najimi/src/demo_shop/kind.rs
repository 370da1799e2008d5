//! What kind of demo a data folder holds; a shop of one's own holds none.

use records::{Records, RecordsError, RecordsResult, Sql, Tx, values};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The kind of a demo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DemoKind {
    /// The real orders, with a clock that people move.
    Real,
    /// Invented orders after the pattern of the real ones.
    Large {
        /// Customers who have bought.
        customers: u64,
    },
}

const NAME: &str = "demo.kind";

impl DemoKind {
    /// What these records hold.
    pub async fn of(records: &Records) -> RecordsResult<Option<Self>> {
        let reader = records.reader();
        let kept: Option<String> = reader.scalar("SELECT value FROM settings WHERE name = $1", values![NAME]).await?;
        if let Some(text) = kept {
            return serde_json::from_str(&text).map(Some).map_err(|_| RecordsError::unreadable(NAME));
        }
        // Folders of before this was kept.
        let loaded = "SELECT value FROM settings WHERE name IN ('demo.loaded', 'demo.today') LIMIT 1";
        Ok(reader.scalar::<String>(loaded, vec![]).await?.map(|_| Self::Real))
    }

    /// Keeps it.
    pub async fn keep(self, tx: &Tx) -> RecordsResult<()> {
        let text = serde_json::to_string(&self).map_err(|_| RecordsError::unreadable(NAME))?;
        let sql = "INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
        tx.execute(sql, values![NAME, text]).await.map(|_| ())
    }
}

impl fmt::Display for DemoKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DemoKind::Real => f.write_str("the demo shop"),
            DemoKind::Large { customers } => write!(f, "a large demo shop of {customers} customers"),
        }
    }
}
