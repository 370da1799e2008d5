//! The installation: one row of the settings.

use crate::Installation;
use records::{RecordsError, RecordsResult, Sql, Tx, values};
use serde::{Deserialize, Serialize};

const INSTALLATION: &str = "installation";

#[derive(Serialize, Deserialize)]
struct Stored {
    company: String,
    zone: String,
    currency: String,
    public_url: String,
}

/// Whose installation it is; none before the set-up.
pub async fn installation(sql: &impl Sql) -> RecordsResult<Option<Installation>> {
    let text: Option<String> = sql.scalar("SELECT value FROM settings WHERE name = $1", values![INSTALLATION]).await?;
    let unreadable = || RecordsError::unreadable("settings.installation");
    let Some(text) = text else { return Ok(None) };
    let stored: Stored = serde_json::from_str(&text).map_err(|_| unreadable())?;
    Ok(Some(Installation {
        company: stored.company,
        zone: stored.zone.parse().map_err(|_| unreadable())?,
        currency: stored.currency.parse().map_err(|_| unreadable())?,
        public_url: stored.public_url,
    }))
}

pub(crate) async fn save_installation(tx: &Tx, installation: &Installation) -> RecordsResult<()> {
    let stored = Stored {
        company: installation.company.clone(),
        zone: installation.zone.to_string(),
        currency: installation.currency.to_string(),
        public_url: installation.public_url.clone(),
    };
    let text = serde_json::to_string(&stored).map_err(|_| RecordsError::unreadable("settings.installation"))?;
    let upsert =
        "INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    tx.execute(upsert, values![INSTALLATION, text]).await.map(|_| ())
}
