//! Keys, by the hash of their secret.

use crate::Key;
use records::{FromQueryResult, RecordsError, RecordsResult, Sql, Tx, values};
use uuid::Uuid;
use vocabulary::{Timestamp, id::KeyId};

const KEY: &str = "key_id, name, scopes, prefix, created_at, last_used_at";

#[derive(FromQueryResult)]
struct KeyRow {
    key_id: Uuid,
    name: String,
    scopes: String,
    prefix: String,
    created_at: i64,
    last_used_at: Option<i64>,
}

impl KeyRow {
    fn key(self) -> RecordsResult<Key> {
        Ok(Key {
            key_id: self.key_id.into(),
            name: self.name,
            scopes: serde_json::from_str(&self.scopes).map_err(|_| RecordsError::unreadable("api_keys.scopes"))?,
            prefix: self.prefix,
            created_at: Timestamp::from_micros(self.created_at),
            last_used_at: self.last_used_at.map(Timestamp::from_micros),
        })
    }
}

pub(crate) async fn keys(sql: &impl Sql) -> RecordsResult<Vec<Key>> {
    let text = format!("SELECT {KEY} FROM api_keys WHERE revoked_at IS NULL ORDER BY created_at, key_id");
    sql.all::<KeyRow>(&text, values![]).await?.into_iter().map(KeyRow::key).collect()
}

/// Names of all keys ever made, by id.
pub(crate) async fn key_names(sql: &impl Sql) -> RecordsResult<Vec<(String, String)>> {
    let rows: Vec<KeyRow> = sql.all(&format!("SELECT {KEY} FROM api_keys"), values![]).await?;
    Ok(rows.into_iter().map(|row| (row.key_id.to_string(), row.name)).collect())
}

pub(crate) async fn find_key(sql: &impl Sql, hash: &[u8]) -> RecordsResult<Option<Key>> {
    let text = format!("SELECT {KEY} FROM api_keys WHERE secret_hash = $1 AND revoked_at IS NULL");
    sql.one::<KeyRow>(&text, values![hash.to_vec()]).await?.map(KeyRow::key).transpose()
}

pub(crate) async fn insert_key(tx: &Tx, key: &Key, hash: &[u8]) -> RecordsResult<()> {
    let scopes = serde_json::to_string(&key.scopes).map_err(|_| RecordsError::unreadable("api_keys.scopes"))?;
    let insert =
        "INSERT INTO api_keys (key_id, name, scopes, prefix, secret_hash, created_at) VALUES ($1, $2, $3, $4, $5, $6)";
    let values = values![
        key.key_id.uuid(),
        key.name.clone(),
        scopes,
        key.prefix.clone(),
        hash.to_vec(),
        key.created_at.micros()
    ];
    tx.execute(insert, values).await.map(|_| ())
}

pub(crate) async fn revoke_key(tx: &Tx, key_id: KeyId, now: Timestamp) -> RecordsResult<bool> {
    let text = "UPDATE api_keys SET revoked_at = $2 WHERE key_id = $1 AND revoked_at IS NULL";
    Ok(tx.execute(text, values![key_id.uuid(), now.micros()]).await? == 1)
}

pub(crate) async fn touch_key(tx: &Tx, key_id: KeyId, now: Timestamp) -> RecordsResult<()> {
    tx.execute("UPDATE api_keys SET last_used_at = $2 WHERE key_id = $1", values![key_id.uuid(), now.micros()])
        .await
        .map(|_| ())
}
