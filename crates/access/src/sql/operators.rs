//! Operators and their passwords.

use crate::{Operator, Role};
use records::{FromQueryResult, RecordsError, RecordsResult, Sql, Tx, values};
use uuid::Uuid;
use vocabulary::{OperatorId, Timestamp, email::Email};

pub(super) const OPERATOR: &str =
    "o.operator_id, o.name, o.email, o.role, o.is_active, o.created_at, o.signed_in_at, o.password_hash";

#[derive(FromQueryResult)]
pub(super) struct OperatorRow {
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
    pub(super) fn operator(&self) -> RecordsResult<Operator> {
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
