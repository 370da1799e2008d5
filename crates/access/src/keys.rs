//! Keys of the API: with them programs send events. Shown once, kept as a hash, revoked at once.

use crate::{Access, AccessError, KEY_SCOPES, Secret, operators::checked_text, sql};
use records::Actor;
use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};
use vocabulary::{Timestamp, id::KeyId};

/// How a key begins, so that people and scanners recognise one that lies about.
const PREFIX: &str = "najimi_";
/// Letters of a key that stay visible.
const VISIBLE: usize = PREFIX.len() + 5;
/// Keys that are kept, revoked ones not counted.
const KEYS_MAX: usize = 200;
/// Letters of a key's name.
const NAME_MAX: usize = 100;
/// How long a key that was read is trusted; in this process a revocation counts at once.
const TRUSTED_SECONDS: i64 = 5;
/// A key's use is written down this often at the most.
const TOUCH_SECONDS: i64 = 60;

/// A key, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// The id.
    pub key_id: KeyId,
    /// What it is for; the source of the events that come with it.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<String>,
    /// Its first letters.
    pub prefix: String,
    /// Since when.
    pub created_at: Timestamp,
    /// The last use, to the minute.
    pub last_used_at: Option<Timestamp>,
}

/// Keys that were used in the last seconds, so that a stream of events does not ask the records each time.
#[derive(Default)]
pub(crate) struct KeysInUse(Mutex<HashMap<Vec<u8>, ReadKey>>);

/// A key, and when it was read.
type ReadKey = (Arc<Key>, Timestamp);

impl KeysInUse {
    fn get(&self, hash: &[u8], now: Timestamp) -> Option<Arc<Key>> {
        let keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        keys.get(hash).filter(|(_, read_at)| read_at.plus_seconds(TRUSTED_SECONDS) > now).map(|(key, _)| key.clone())
    }
    fn put(&self, hash: Vec<u8>, key: Arc<Key>, now: Timestamp) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(hash, (key, now));
    }
    fn forget_all(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

impl fmt::Debug for KeysInUse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeysInUse(…)")
    }
}

impl Access {
    /// The keys that are not revoked.
    pub async fn keys(&self) -> Result<Vec<Key>, AccessError> {
        Ok(sql::keys(&self.inner.records.reader()).await?)
    }

    /// Makes a key; its secret is given out this once.
    pub async fn create_key(&self, actor: &Actor, name: &str, scopes: &[String]) -> Result<(Key, Secret), AccessError> {
        let name = checked_text("name", name, NAME_MAX)?;
        let scopes = checked_scopes(scopes)?;
        let secret = Secret::with_prefix(PREFIX);
        let mut tx = self.inner.records.begin(actor, "key.create").await?;
        if sql::keys(&tx).await?.len() >= KEYS_MAX {
            return Err(AccessError::TooMany { what: "keys", max: KEYS_MAX });
        }
        let (now, prefix) = (tx.began_at(), secret.reveal().chars().take(VISIBLE).collect());
        let key = Key { key_id: KeyId::new(now), name, scopes, prefix, created_at: now, last_used_at: None };
        sql::insert_key(&tx, &key, &secret.hash()).await?;
        tx.about(key.key_id, serde_json::json!({ "name": key.name, "scopes": key.scopes }));
        tx.commit().await?;
        Ok((key, secret))
    }

    /// Revokes a key for ever.
    pub async fn revoke_key(&self, actor: &Actor, key_id: KeyId) -> Result<(), AccessError> {
        let mut tx = self.inner.records.begin(actor, "key.revoke").await?;
        if !sql::revoke_key(&tx, key_id, tx.began_at()).await? {
            return Err(AccessError::Unknown("key"));
        }
        tx.about(key_id, serde_json::json!({}));
        tx.commit().await?;
        self.inner.keys_in_use.forget_all();
        Ok(())
    }

    /// The key that somebody brings, when it is one of ours and not revoked.
    pub async fn key(&self, secret: &Secret) -> Result<Option<Arc<Key>>, AccessError> {
        if !secret.reveal().starts_with(PREFIX) {
            return Ok(None);
        }
        let (hash, now) = (secret.hash(), self.inner.clock.now());
        if let Some(key) = self.inner.keys_in_use.get(&hash, now) {
            return Ok(Some(key));
        }
        let Some(key) = sql::find_key(&self.inner.records.reader(), &hash).await?.map(Arc::new) else {
            return Ok(None);
        };
        if key.last_used_at.is_none_or(|used_at| used_at.plus_seconds(TOUCH_SECONDS) <= now) {
            let tx = self.inner.records.begin(&Actor::System("keys"), "key.touch").await?;
            sql::touch_key(&tx, key.key_id, now).await?;
            tx.commit().await?;
        }
        self.inner.keys_in_use.put(hash, key.clone(), now);
        Ok(Some(key))
    }

    /// The key with this text, for bodies that carry it (`writeKey` of the Segment spec).
    pub async fn key_of_text(&self, text: &str) -> Result<Option<Arc<Key>>, AccessError> {
        self.key(&Secret::brought(text)).await
    }
}

fn checked_scopes(scopes: &[String]) -> Result<Vec<String>, AccessError> {
    let refuse = |sentence: String| AccessError::Value { field: "scopes", sentence };
    if scopes.is_empty() || scopes.len() > KEY_SCOPES.len() {
        return Err(refuse(format!("choose at least one of {}, each once", KEY_SCOPES.join(", "))));
    }
    match scopes.iter().find(|scope| !KEY_SCOPES.contains(&scope.as_str())) {
        Some(unknown) => Err(refuse(format!("there is no scope `{unknown}`; there are {}", KEY_SCOPES.join(", ")))),
        None => Ok(scopes.to_vec()),
    }
}
