//! The SQL of access.

use crate::{Installation, Key, Limit, Operator, Role, audit::AuditEntry, sessions::Bounds};
use records::{FromQueryResult, RecordsError, RecordsResult, Sql, Tx, values};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use vocabulary::{OperatorId, Timestamp, email::Email, id::KeyId};

// ---- the installation

const INSTALLATION: &str = "installation";

#[derive(Serialize, Deserialize)]
struct Stored {
    company: String,
    zone: String,
    currency: String,
    public_url: String,
}

pub(crate) async fn installation(sql: &impl Sql) -> RecordsResult<Option<Installation>> {
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

// ---- operators

const OPERATOR: &str =
    "o.operator_id, o.name, o.email, o.role, o.is_active, o.created_at, o.signed_in_at, o.password_hash";

#[derive(FromQueryResult)]
struct OperatorRow {
    operator_id: Uuid,
    name: String,
    email: String,
    role: String,
    is_active: bool,
    created_at: i64,
    signed_in_at: Option<i64>,
    password_hash: Option<String>,
}

impl OperatorRow {
    fn operator(&self) -> RecordsResult<Operator> {
        let email =
            Email::parse(&self.email).ok().flatten().ok_or_else(|| RecordsError::unreadable("operators.email"))?;
        Ok(Operator {
            operator_id: self.operator_id.into(),
            name: self.name.clone(),
            email,
            role: self.role.parse().map_err(|_| RecordsError::unreadable("operators.role"))?,
            is_active: self.is_active,
            has_password: self.password_hash.is_some(),
            created_at: Timestamp::from_micros(self.created_at),
            signed_in_at: self.signed_in_at.map(Timestamp::from_micros),
        })
    }
}

pub(crate) async fn operators(sql: &impl Sql) -> RecordsResult<Vec<Operator>> {
    let text = format!("SELECT {OPERATOR} FROM operators o ORDER BY o.created_at, o.operator_id");
    sql.all::<OperatorRow>(&text, values![]).await?.iter().map(OperatorRow::operator).collect()
}

pub(crate) async fn count_operators(sql: &impl Sql) -> RecordsResult<usize> {
    let count: Option<i64> = sql.scalar("SELECT COUNT(*) AS value FROM operators", values![]).await?;
    Ok(count.and_then(|count| usize::try_from(count).ok()).unwrap_or(0))
}

pub(crate) async fn find_operator(tx: &Tx, operator_id: OperatorId) -> RecordsResult<Option<Operator>> {
    let text = format!("SELECT {OPERATOR} FROM operators o WHERE o.operator_id = $1{}", tx.for_update());
    let row: Option<OperatorRow> = tx.one(&text, values![operator_id.uuid()]).await?;
    row.map(|row| row.operator()).transpose()
}

pub(crate) async fn find_operator_by_email(sql: &impl Sql, email_key: &str) -> RecordsResult<Option<Operator>> {
    let row: Option<OperatorRow> =
        sql.one(&format!("SELECT {OPERATOR} FROM operators o WHERE o.email_key = $1"), values![email_key]).await?;
    row.map(|row| row.operator()).transpose()
}

/// Who may sign in by password with this mail, and the hash.
pub(crate) async fn find_password(sql: &impl Sql, email_key: &str) -> RecordsResult<Option<(Operator, String)>> {
    let text = format!("SELECT {OPERATOR} FROM operators o WHERE o.email_key = $1 AND o.is_active = TRUE");
    let row: Option<OperatorRow> = sql.one(&text, values![email_key]).await?;
    let Some(row) = row else { return Ok(None) };
    let operator = row.operator()?;
    Ok(row.password_hash.map(|hash| (operator, hash)))
}

/// Whether the operator is active and has this password, or none.
pub(crate) async fn is_password_still(tx: &Tx, operator_id: OperatorId, hash: Option<&str>) -> RecordsResult<bool> {
    let text = format!(
        "SELECT {OPERATOR} FROM operators o WHERE o.operator_id = $1 AND o.is_active = TRUE{}",
        tx.for_update()
    );
    let row: Option<OperatorRow> = tx.one(&text, values![operator_id.uuid()]).await?;
    Ok(row.is_some_and(|row| row.password_hash.as_deref() == hash))
}

/// The active owners; nobody else can change one of them until the commit.
pub(crate) async fn lock_owners(tx: &Tx) -> RecordsResult<Vec<OperatorId>> {
    let text = format!(
        "SELECT operator_id AS value FROM operators WHERE role = $1 AND is_active = TRUE ORDER BY operator_id{}",
        tx.for_update()
    );
    Ok(tx.column::<Uuid>(&text, values![Role::Owner.name()]).await?.into_iter().map(OperatorId::from).collect())
}

/// False when another operator has the mail address.
pub(crate) async fn insert_operator(
    tx: &Tx,
    operator: &Operator,
    email_key: &str,
    hash: Option<String>,
) -> RecordsResult<bool> {
    let inserted = tx
        .execute(
            "INSERT INTO operators (operator_id, name, email, email_key, role, password_hash, is_active, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
            values![
                operator.operator_id.uuid(),
                operator.name.clone(),
                operator.email.reveal(),
                email_key,
                operator.role.name(),
                hash,
                operator.is_active,
                operator.created_at.micros()
            ],
        )
        .await?;
    Ok(inserted == 1)
}

pub(crate) async fn save_operator(tx: &Tx, operator: &Operator) -> RecordsResult<()> {
    let text = "UPDATE operators SET name = $2, role = $3, is_active = $4 WHERE operator_id = $1";
    let values = values![operator.operator_id.uuid(), operator.name.clone(), operator.role.name(), operator.is_active];
    tx.execute(text, values).await.map(|_| ())
}

pub(crate) async fn set_password(tx: &Tx, operator_id: OperatorId, hash: &str) -> RecordsResult<bool> {
    let text = "UPDATE operators SET password_hash = $2 WHERE operator_id = $1";
    Ok(tx.execute(text, values![operator_id.uuid(), hash]).await? == 1)
}

// ---- sessions

#[derive(FromQueryResult)]
struct UsedAt {
    used_at: i64,
    operator_id: Uuid,
    name: String,
    email: String,
    role: String,
    is_active: bool,
    created_at: i64,
    signed_in_at: Option<i64>,
    password_hash: Option<String>,
}

/// Who has this session, and when it was used last.
pub(crate) async fn find_session(
    sql: &impl Sql,
    hash: &[u8],
    bounds: &Bounds,
) -> RecordsResult<Option<(Operator, Timestamp)>> {
    let text = format!(
        "SELECT s.used_at, {OPERATOR} FROM sessions s JOIN operators o ON o.operator_id = s.operator_id
         WHERE s.session_hash = $1 AND s.used_at > $2 AND s.created_at > $3 AND o.is_active = TRUE"
    );
    let values = values![hash.to_vec(), bounds.used_after.micros(), bounds.begun_after.micros()];
    let Some(row) = sql.one::<UsedAt>(&text, values).await? else { return Ok(None) };
    let used_at = Timestamp::from_micros(row.used_at);
    let row = OperatorRow {
        operator_id: row.operator_id,
        name: row.name,
        email: row.email,
        role: row.role,
        is_active: row.is_active,
        created_at: row.created_at,
        signed_in_at: row.signed_in_at,
        password_hash: row.password_hash,
    };
    Ok(Some((row.operator()?, used_at)))
}

pub(crate) async fn touch_session(tx: &Tx, hash: &[u8], now: Timestamp) -> RecordsResult<()> {
    tx.execute("UPDATE sessions SET used_at = $2 WHERE session_hash = $1", values![hash.to_vec(), now.micros()])
        .await
        .map(|_| ())
}

pub(crate) async fn begin_session(tx: &Tx, hash: &[u8], operator_id: OperatorId, now: Timestamp) -> RecordsResult<()> {
    let insert = "INSERT INTO sessions (session_hash, operator_id, created_at, used_at) VALUES ($1, $2, $3, $3)";
    tx.execute(insert, values![hash.to_vec(), operator_id.uuid(), now.micros()]).await?;
    let update = "UPDATE operators SET signed_in_at = $2 WHERE operator_id = $1";
    tx.execute(update, values![operator_id.uuid(), now.micros()]).await.map(|_| ())
}

pub(crate) async fn end_session(tx: &Tx, hash: &[u8]) -> RecordsResult<()> {
    tx.execute("DELETE FROM sessions WHERE session_hash = $1", values![hash.to_vec()]).await.map(|_| ())
}

pub(crate) async fn end_sessions(tx: &Tx, operator_id: OperatorId) -> RecordsResult<()> {
    tx.execute("DELETE FROM sessions WHERE operator_id = $1", values![operator_id.uuid()]).await.map(|_| ())
}

/// Clears away sessions that have ended by time, and the operator's oldest beyond `sessions_max`.
pub(crate) async fn end_old_sessions(
    tx: &Tx,
    operator_id: OperatorId,
    bounds: &Bounds,
    sessions_max: i64,
) -> RecordsResult<()> {
    let by_time = "DELETE FROM sessions WHERE used_at <= $1 OR created_at <= $2";
    tx.execute(by_time, values![bounds.used_after.micros(), bounds.begun_after.micros()]).await?;
    let by_number = "DELETE FROM sessions WHERE operator_id = $1 AND session_hash NOT IN
        (SELECT session_hash FROM sessions WHERE operator_id = $1 ORDER BY created_at DESC, session_hash LIMIT $2)";
    tx.execute(by_number, values![operator_id.uuid(), sessions_max]).await.map(|_| ())
}

// ---- links

pub(crate) async fn make_link(
    tx: &Tx,
    hash: &[u8],
    operator_id: Option<OperatorId>,
    ends_at: Timestamp,
) -> RecordsResult<()> {
    tx.execute("DELETE FROM access_links WHERE ends_at <= $1", values![tx.began_at().micros()]).await?;
    let insert = "INSERT INTO access_links (link_hash, operator_id, ends_at) VALUES ($1, $2, $3)";
    tx.execute(insert, values![hash.to_vec(), operator_id.map(OperatorId::uuid), ends_at.micros()]).await.map(|_| ())
}

/// Whom this link lets in.
pub(crate) async fn find_link(sql: &impl Sql, hash: &[u8], now: Timestamp) -> RecordsResult<Option<Operator>> {
    let text = format!(
        "SELECT {OPERATOR} FROM access_links l JOIN operators o ON o.operator_id = l.operator_id
         WHERE l.link_hash = $1 AND l.ends_at > $2 AND o.is_active = TRUE"
    );
    let row: Option<OperatorRow> = sql.one(&text, values![hash.to_vec(), now.micros()]).await?;
    row.map(|row| row.operator()).transpose()
}

/// Uses a link up; false when it was used, has ended, or its operator is not active any more.
pub(crate) async fn use_link(tx: &Tx, hash: &[u8], operator_id: OperatorId, now: Timestamp) -> RecordsResult<bool> {
    let text = "DELETE FROM access_links WHERE link_hash = $1 AND operator_id = $2 AND ends_at > $3
        AND operator_id IN (SELECT operator_id FROM operators WHERE is_active = TRUE)";
    Ok(tx.execute(text, values![hash.to_vec(), operator_id.uuid(), now.micros()]).await? == 1)
}

/// Uses up the link of the set-up.
pub(crate) async fn use_setup_link(tx: &Tx, hash: &[u8], now: Timestamp) -> RecordsResult<bool> {
    let text = "DELETE FROM access_links WHERE link_hash = $1 AND operator_id IS NULL AND ends_at > $2";
    Ok(tx.execute(text, values![hash.to_vec(), now.micros()]).await? == 1)
}

pub(crate) async fn end_setup_links(tx: &Tx) -> RecordsResult<()> {
    tx.execute("DELETE FROM access_links WHERE operator_id IS NULL", values![]).await.map(|_| ())
}

pub(crate) async fn end_links(tx: &Tx, operator_id: OperatorId) -> RecordsResult<()> {
    tx.execute("DELETE FROM access_links WHERE operator_id = $1", values![operator_id.uuid()]).await.map(|_| ())
}

// ---- keys

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

// ---- the audit log

#[derive(FromQueryResult)]
struct AuditRow {
    audit_id: Uuid,
    at: i64,
    actor_kind: String,
    actor: String,
    action: String,
    object: String,
    detail: String,
}

/// The newest entries before this place.
pub(crate) async fn audit(sql: &impl Sql, before: Option<(i64, Uuid)>, limit: Limit) -> RecordsResult<Vec<AuditEntry>> {
    let columns = "SELECT audit_id, at, actor_kind, actor, action, object, detail FROM audit_log";
    let order = "ORDER BY at DESC, audit_id DESC LIMIT";
    let rows: Vec<AuditRow> = match before {
        None => sql.all(&format!("{columns} {order} $1"), values![limit.and_one()]).await?,
        Some((at, audit_id)) => {
            let text = format!("{columns} WHERE (at, audit_id) < ($1, $2) {order} $3");
            sql.all(&text, values![at, audit_id, limit.and_one()]).await?
        }
    };
    Ok(rows.into_iter().map(AuditRow::entry).collect())
}

impl AuditRow {
    fn entry(self) -> AuditEntry {
        AuditEntry {
            audit_id: self.audit_id,
            at: Timestamp::from_micros(self.at),
            actor_kind: self.actor_kind,
            actor: self.actor,
            action: self.action,
            object: self.object,
            detail: serde_json::from_str(&self.detail).unwrap_or_default(),
        }
    }
}
