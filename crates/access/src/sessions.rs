//! Sessions live on the server: 256 bits in a cookie, their SHA-256 in the records, a new one at each sign-in, all
//! ended when the password or the role changes.

use crate::{Access, AccessError, Installation, Operator, Secret, password::Password, sql};
use axum::http::{HeaderMap, header};
use records::Actor;
use std::net::IpAddr;
use vocabulary::Timestamp;

/// A session that was not used for so long ends.
pub(crate) const IDLE_SECONDS: i64 = 24 * 3600;
/// A session ends after so long in any case.
pub(crate) const WHOLE_SECONDS: i64 = 14 * 24 * 3600;
/// Its use is written down this often at the most.
const TOUCH_SECONDS: i64 = 300;
/// Sessions of one operator; the oldest end.
const SESSIONS_MAX: i64 = 20;
/// Letters of a cookie that are looked at; ours has 43.
const COOKIE_MAX: usize = 100;

impl Access {
    /// Who has this session. Its use is noted now and then.
    pub(crate) async fn signed_in(&self, session: &Secret) -> Result<Option<Operator>, AccessError> {
        let now = self.inner.clock.now();
        let found = sql::find_session(&self.inner.records.reader(), &session.hash(), &Bounds::at(now)).await?;
        let Some((operator, used_at)) = found else { return Ok(None) };
        if used_at.plus_seconds(TOUCH_SECONDS) <= now {
            let tx = self.inner.records.begin(&Actor::System("sessions"), "session.touch").await?;
            sql::touch_session(&tx, &session.hash(), now).await?;
            tx.commit().await?;
        }
        Ok(Some(operator))
    }

    /// Signs in by mail and password; `old`, the session that the browser had, ends.
    pub async fn sign_in(
        &self,
        email: &str,
        password: &str,
        address: IpAddr,
        old: Option<Secret>,
    ) -> Result<(Operator, Secret), AccessError> {
        let email_key = email_key(email);
        let now = self.inner.clock.now();
        self.inner.throttle.admit(address, &email_key, now).map_err(|seconds| AccessError::TooManyTries { seconds })?;
        let found = sql::find_password(&self.inner.records.reader(), &email_key).await?;
        let (operator, hash) = found.unzip();
        if !self.inner.passwords.fits(Password::typed(password), hash.clone()).await? {
            let operator_id = operator.map(|operator| operator.operator_id);
            self.note_refused(operator_id);
            let operator_id = operator_id.map(|id| id.to_string());
            tracing::info!(operator_id, "a sign-in failed");
            return Err(AccessError::SignInFailed);
        }
        let operator = operator.ok_or(AccessError::SignInFailed)?;
        let session =
            self.begin_session(&operator, old, hash.as_deref(), None).await?.ok_or(AccessError::SignInFailed)?;
        self.inner.throttle.forgive(address, &email_key);
        Ok((operator, session))
    }

    /// Begins a session in one transaction with what entitles to it: the password is still `hash`, or `link` is used
    /// up. `None` when it is not so any more.
    pub(crate) async fn begin_session(
        &self,
        operator: &Operator,
        old: Option<Secret>,
        hash: Option<&str>,
        link: Option<&Secret>,
    ) -> Result<Option<Secret>, AccessError> {
        let session = Secret::new();
        let mut tx = self.inner.records.begin(&Actor::Operator(operator.operator_id), "session.begin").await?;
        let now = tx.began_at();
        let is_entitled = match link {
            Some(link) => sql::use_link(&tx, &link.hash(), operator.operator_id, now).await?,
            None => sql::is_password_still(&tx, operator.operator_id, hash).await?,
        };
        if !is_entitled {
            tx.rollback().await?;
            return Ok(None);
        }
        if let Some(old) = old {
            sql::end_session(&tx, &old.hash()).await?;
        }
        sql::begin_session(&tx, &session.hash(), operator.operator_id, now).await?;
        sql::end_old_sessions(&tx, operator.operator_id, &Bounds::at(now), SESSIONS_MAX).await?;
        tx.about(operator.operator_id, serde_json::json!({ "by": if link.is_some() { "link" } else { "password" } }));
        tx.commit().await?;
        Ok(Some(session))
    }

    /// Signs out.
    pub(crate) async fn sign_out(&self, operator: &Operator, session: &Secret) -> Result<(), AccessError> {
        let mut tx = self.inner.records.begin(&Actor::Operator(operator.operator_id), "session.end").await?;
        sql::end_session(&tx, &session.hash()).await?;
        tx.about(operator.operator_id, serde_json::json!({}));
        Ok(tx.commit().await?)
    }
}

/// Sessions begun or used before these instants have ended.
pub(crate) struct Bounds {
    pub used_after: Timestamp,
    pub begun_after: Timestamp,
}

impl Bounds {
    fn at(now: Timestamp) -> Self {
        Self { used_after: now.plus_seconds(-IDLE_SECONDS), begun_after: now.plus_seconds(-WHOLE_SECONDS) }
    }
}

/// What an operator is found by: people write their address in capitals at times.
pub(crate) fn email_key(email: &str) -> String {
    email.trim().chars().filter(|letter| !letter.is_control()).take(254).collect::<String>().to_lowercase()
}

/// The session that a request brings.
pub(crate) fn cookie(headers: &HeaderMap, access: &Access) -> Option<Secret> {
    let name = cookie_name(access.installation().as_deref());
    let pairs = headers
        .get_all(header::COOKIE)
        .into_iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'));
    let value = pairs.filter_map(|pair| pair.trim().split_once('=')).find(|(key, _)| *key == name)?.1;
    (value.len() <= COOKIE_MAX).then(|| Secret::brought(value))
}

/// The prefix binds the cookie to this host and to TLS; browsers refuse it over plain HTTP, which is for loopback only.
fn cookie_name(installation: Option<&Installation>) -> &'static str {
    if installation.is_some_and(Installation::is_https) { "__Host-najimi" } else { "najimi" }
}

/// `Set-Cookie` for a session, or to forget it.
pub(crate) fn set_cookie(access: &Access, session: Option<&Secret>) -> String {
    let installation = access.installation();
    let secure = if installation.as_deref().is_some_and(Installation::is_https) { "; Secure" } else { "" };
    let (value, seconds) = session.map_or(("", 0), |session| (session.reveal(), WHOLE_SECONDS));
    let name = cookie_name(installation.as_deref());
    format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}")
}
