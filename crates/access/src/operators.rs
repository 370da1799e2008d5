//! Operators: the people of the company who sign in.
//!
//! Invariant: there is always an active owner once the installation is set up (kept by `sql::lock_owners`; shown in
//! `tests/it/operators.rs`).

use crate::{Access, AccessError, Role, Secret, password::Password, sessions, sql};
use records::{Actor, Tx};
use std::{fmt, net::IpAddr};
use vocabulary::{OperatorId, Timestamp, email::Email};

/// Operators that are kept.
const OPERATORS_MAX: usize = 1_000;
/// Letters of a name.
const NAME_MAX: usize = 100;

/// Somebody of the company who signs in. Its `Debug` shows neither name nor mail.
#[derive(Clone, PartialEq, Eq)]
pub struct Operator {
    /// The id.
    pub operator_id: OperatorId,
    /// The name.
    pub name: String,
    /// The mail address.
    pub email: Email,
    /// What the operator may do.
    pub role: Role,
    /// Whether the operator may sign in.
    pub is_active: bool,
    /// Whether the operator has a password, or was let in by a link only.
    pub has_password: bool,
    /// Since when.
    pub created_at: Timestamp,
    /// The last sign-in.
    pub signed_in_at: Option<Timestamp>,
}

impl fmt::Debug for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Operator")
            .field("operator_id", &self.operator_id)
            .field("role", &self.role)
            .finish_non_exhaustive()
    }
}

/// Somebody who is to be let in. Its `Debug` shows neither name nor mail.
#[derive(Clone)]
pub struct NewOperator {
    name: String,
    email: Email,
    role: Role,
    password: Option<Password>,
}

impl fmt::Debug for NewOperator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewOperator").field("role", &self.role).finish_non_exhaustive()
    }
}

impl NewOperator {
    /// Checks what was written. Without a password only a link lets the operator in.
    pub fn new(name: &str, email: &str, role: Role, password: Option<String>) -> Result<Self, AccessError> {
        let email = Email::parse(email)?.ok_or(AccessError::EmailMissing)?;
        Ok(Self {
            name: checked_text("name", name, NAME_MAX)?,
            email,
            role,
            password: password.map(Password::chosen).transpose()?,
        })
    }
}

/// What is to be different; what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct OperatorChange {
    /// The name.
    pub name: Option<String>,
    /// What the operator may do; a change ends the sessions.
    pub role: Option<Role>,
    /// Whether the operator may sign in; ending it ends the sessions.
    pub is_active: Option<bool>,
    /// A password; a new one ends the sessions.
    pub password: Option<String>,
}

impl Access {
    /// All operators, in the order in which they came.
    pub async fn operators(&self) -> Result<Vec<Operator>, AccessError> {
        Ok(sql::operators(&self.inner.records.reader()).await?)
    }

    /// The operator with this mail address.
    pub async fn operator_by_email(&self, email: &str) -> Result<Option<Operator>, AccessError> {
        Ok(sql::find_operator_by_email(&self.inner.records.reader(), &sessions::email_key(email)).await?)
    }

    /// Lets somebody in.
    pub async fn create_operator(&self, actor: &Actor, new: NewOperator) -> Result<Operator, AccessError> {
        let hash = self.hash_of(&new).await?;
        let mut tx = self.inner.records.begin(actor, "operator.create").await?;
        if sql::count_operators(&tx).await? >= OPERATORS_MAX {
            return Err(AccessError::TooMany { what: "operators", max: OPERATORS_MAX });
        }
        let operator = insert(&tx, OperatorId::new(tx.began_at()), &new, hash).await?;
        tx.about(operator.operator_id, serde_json::json!({ "role": operator.role.name() }));
        tx.commit().await?;
        Ok(operator)
    }

    pub(crate) async fn hash_of(&self, new: &NewOperator) -> Result<Option<String>, AccessError> {
        match new.password.clone() {
            Some(password) => Ok(Some(self.inner.passwords.hash(password).await?)),
            None => Ok(None),
        }
    }

    /// Changes an operator.
    pub async fn change_operator(
        &self,
        actor: &Actor,
        operator_id: OperatorId,
        change: OperatorChange,
    ) -> Result<Operator, AccessError> {
        let hash = match change.password {
            Some(password) => Some(self.inner.passwords.hash(Password::chosen(password)?).await?),
            None => None,
        };
        let mut tx = self.inner.records.begin(actor, "operator.change").await?;
        let owners = sql::lock_owners(&tx).await?;
        let before = sql::find_operator(&tx, operator_id).await?.ok_or(AccessError::Unknown("operator"))?;
        let mut operator = before.clone();
        if let Some(name) = &change.name {
            operator.name = checked_text("name", name, NAME_MAX)?;
        }
        operator.role = change.role.unwrap_or(before.role);
        operator.is_active = change.is_active.unwrap_or(before.is_active);
        let stays_owner = operator.role == Role::Owner && operator.is_active;
        if owners == [operator_id] && !stays_owner {
            return Err(AccessError::LastOwner);
        }
        sql::save_operator(&tx, &operator).await?;
        if let Some(hash) = &hash {
            sql::set_password(&tx, operator_id, hash).await?;
            operator.has_password = true;
        }
        if hash.is_some() || (operator.role, operator.is_active) != (before.role, before.is_active) {
            sql::end_sessions(&tx, operator_id).await?;
        }
        if hash.is_some() || !operator.is_active {
            sql::end_links(&tx, operator_id).await?;
        }
        let detail = serde_json::json!({
            "role": operator.role.name(), "is_active": operator.is_active, "is_password_new": hash.is_some(),
        });
        tx.about(operator_id, detail);
        tx.commit().await?;
        Ok(operator)
    }

    /// The operator's own change of the password; all sessions end, and a new one begins. Who has only the session may
    /// not guess the password faster than at the door.
    pub(crate) async fn change_password(
        &self,
        operator: &Operator,
        current: Option<&str>,
        new: String,
        address: IpAddr,
    ) -> Result<Secret, AccessError> {
        let new = Password::chosen(new)?;
        let email_key = sessions::email_key(operator.email.reveal());
        let admitted = self.inner.throttle.admit(address, &email_key, self.inner.clock.now());
        admitted.map_err(|seconds| AccessError::TooManyTries { seconds })?;
        let before = sql::find_password(&self.inner.records.reader(), &email_key).await?;
        let before = before.map(|(_, hash)| hash);
        if before.is_some()
            && !self.inner.passwords.fits(Password::typed(current.unwrap_or_default()), before.clone()).await?
        {
            return Err(AccessError::PasswordWrong);
        }
        self.inner.throttle.forgive(address, &email_key);
        let hash = self.inner.passwords.hash(new).await?;
        let session = Secret::new();
        let mut tx =
            self.inner.records.begin(&Actor::Operator(operator.operator_id), "operator.change_password").await?;
        if !sql::is_password_still(&tx, operator.operator_id, before.as_deref()).await? {
            return Err(AccessError::PasswordWrong);
        }
        sql::set_password(&tx, operator.operator_id, &hash).await?;
        end_access(&tx, operator.operator_id).await?;
        sql::begin_session(&tx, &session.hash(), operator.operator_id, tx.began_at()).await?;
        tx.about(operator.operator_id, serde_json::json!({}));
        tx.commit().await?;
        Ok(session)
    }
}

async fn end_access(tx: &Tx, operator_id: OperatorId) -> Result<(), AccessError> {
    sql::end_sessions(tx, operator_id).await?;
    Ok(sql::end_links(tx, operator_id).await?)
}

pub(crate) async fn insert(
    tx: &Tx,
    operator_id: OperatorId,
    new: &NewOperator,
    hash: Option<String>,
) -> Result<Operator, AccessError> {
    let now = tx.began_at();
    let operator = Operator {
        operator_id,
        name: new.name.clone(),
        email: new.email.clone(),
        role: new.role,
        is_active: true,
        has_password: hash.is_some(),
        created_at: now,
        signed_in_at: None,
    };
    let is_new = sql::insert_operator(tx, &operator, &sessions::email_key(new.email.reveal()), hash).await?;
    if is_new { Ok(operator) } else { Err(AccessError::EmailTaken) }
}

pub(crate) fn checked_text(field: &'static str, text: &str, letters_max: usize) -> Result<String, AccessError> {
    let text = text.trim();
    let is_fit = (1..=letters_max).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    is_fit.then(|| text.to_owned()).ok_or(AccessError::TextLength { field, letters_max })
}
