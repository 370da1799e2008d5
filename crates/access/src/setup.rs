//! Set-up: the first operator comes in by a one-time token that `serve` prints; there is no default password.
//!
//! Invariant: an installation is set up once (kept by the token, which is used up in the same transaction; shown in
//! `tests/it/setup.rs`).

use crate::{Access, AccessError, Installation, NewOperator, Operator, Secret, operators, sql};
use axum::http::Uri;
use records::{Actor, Tx};
use vocabulary::{Currency, OperatorId, Zone};

/// How long a printed token opens the set-up, in seconds; a new start prints a new one.
const TOKEN_SECONDS: i64 = 7 * 24 * 3600;
/// Letters of a company's name.
const COMPANY_MAX: usize = 200;

/// What is asked at the set-up.
#[derive(Clone, Debug)]
pub struct NewInstallation(Installation);

impl NewInstallation {
    /// Checks what was written.
    pub fn new(company: &str, zone: &str, currency: &str, public_url: &str) -> Result<Self, AccessError> {
        let zone: Zone = zone.parse().map_err(|error| value("zone", &error))?;
        let currency: Currency = currency.parse().map_err(|error| value("currency", &error))?;
        let company = operators::checked_text("company", company, COMPANY_MAX)?;
        Ok(Self(Installation { company, zone, currency, public_url: checked_url(public_url)? }))
    }
}

fn value(field: &'static str, error: &dyn std::error::Error) -> AccessError {
    AccessError::Value { field, sentence: error.to_string() }
}

/// `https://crm.example.com`: https, or http on loopback; nothing behind the host.
fn checked_url(text: &str) -> Result<String, AccessError> {
    let refuse = |sentence: &str| AccessError::Value { field: "public_url", sentence: sentence.to_owned() };
    let uri: Uri = text.trim().parse().map_err(|_| refuse("this is not an address such as https://crm.example.com"))?;
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        return Err(refuse("an address begins with https:// (or http:// on this computer)"));
    };
    if !matches!(uri.path(), "" | "/") || uri.query().is_some() || authority.as_str().contains('@') {
        return Err(refuse("only the host and a port may follow, nothing behind them"));
    }
    let is_loopback = matches!(authority.host(), "localhost" | "127.0.0.1" | "[::1]");
    match scheme {
        "https" => Ok(format!("https://{authority}").to_lowercase()),
        "http" if is_loopback => Ok(format!("http://{authority}").to_lowercase()),
        "http" => Err(refuse("http:// is for this computer only; other people need https://")),
        _ => Err(refuse("an address begins with https:// (or http:// on this computer)")),
    }
}

impl Access {
    /// Whether there is no operator yet.
    pub async fn needs_setup(&self) -> Result<bool, AccessError> {
        Ok(sql::count_operators(&self.inner.records.reader()).await? == 0)
    }

    /// A fresh token for the set-up, which makes earlier ones void; none when the installation is set up. To be
    /// printed by `serve` as `/setup?token=…`.
    pub async fn setup_token(&self) -> Result<Option<Secret>, AccessError> {
        if !self.needs_setup().await? {
            return Ok(None);
        }
        let token = Secret::new();
        let tx = self.inner.records.begin(&Actor::System("setup"), "setup.token").await?;
        sql::end_setup_links(&tx).await?;
        sql::make_link(&tx, &token.hash(), None, tx.began_at().plus_seconds(TOKEN_SECONDS)).await?;
        tx.commit().await?;
        Ok(Some(token))
    }

    /// Sets the installation up with the token that was printed, and signs its first operator in.
    pub async fn set_up(
        &self,
        token: &str,
        installation: NewInstallation,
        owner: NewOperator,
    ) -> Result<(Operator, Secret), AccessError> {
        // Before the costly hash: a stranger's tries must not take the turns of those who sign in.
        if !self.needs_setup().await? {
            return Err(AccessError::SetUpAlready);
        }
        let (records, now) = (&self.inner.records, self.inner.clock.now());
        if !sql::is_setup_link(&records.reader(), &Secret::brought(token).hash(), now).await? {
            return Err(AccessError::LinkInvalid);
        }
        let hash = self.hash_of(&owner).await?;
        let session = Secret::new();
        let operator_id = OperatorId::new(self.inner.clock.now());
        let mut tx = self.inner.records.begin(&Actor::Operator(operator_id), "installation.set_up").await?;
        if sql::count_operators(&tx).await? > 0 {
            return Err(AccessError::SetUpAlready);
        }
        if !sql::use_setup_link(&tx, &Secret::brought(token).hash(), tx.began_at()).await? {
            return Err(AccessError::LinkInvalid);
        }
        let operator = found(&mut tx, operator_id, &installation, &owner, hash).await?;
        sql::begin_session(&tx, &session.hash(), operator.operator_id, tx.began_at()).await?;
        tx.commit().await?;
        self.remember_installation(installation.0);
        Ok((operator, session))
    }

    /// Sets the installation up without a token: for the demo and the command line, who are on the machine itself.
    pub async fn install(&self, installation: NewInstallation, owner: NewOperator) -> Result<Operator, AccessError> {
        let hash = self.hash_of(&owner).await?;
        let operator_id = OperatorId::new(self.inner.clock.now());
        let mut tx = self.inner.records.begin(&Actor::Operator(operator_id), "installation.set_up").await?;
        if sql::count_operators(&tx).await? > 0 {
            return Err(AccessError::SetUpAlready);
        }
        sql::end_setup_links(&tx).await?;
        let operator = found(&mut tx, operator_id, &installation, &owner, hash).await?;
        tx.commit().await?;
        self.remember_installation(installation.0);
        Ok(operator)
    }

    /// Changes the company's name or the address that every link begins with; what is `None` stays. Zone and currency
    /// stay for good: all days and sums are counted by them.
    pub async fn change_installation(
        &self,
        actor: &Actor,
        company: Option<&str>,
        public_url: Option<&str>,
    ) -> Result<(), AccessError> {
        let mut tx = self.inner.records.begin(actor, "installation.change").await?;
        let mut installation = sql::installation(&tx).await?.ok_or(AccessError::Unknown("installation"))?;
        if let Some(company) = company {
            installation.company = operators::checked_text("company", company, COMPANY_MAX)?;
        }
        if let Some(public_url) = public_url {
            installation.public_url = checked_url(public_url)?;
        }
        sql::save_installation(&tx, &installation).await?;
        tx.about("installation", serde_json::json!({ "public_url": installation.public_url }));
        tx.commit().await?;
        self.remember_installation(installation);
        Ok(())
    }
}

/// Who sets an installation up is the actor of it.
async fn found(
    tx: &mut Tx,
    operator_id: OperatorId,
    installation: &NewInstallation,
    owner: &NewOperator,
    hash: Option<String>,
) -> Result<Operator, AccessError> {
    sql::save_installation(tx, &installation.0).await?;
    tx.about("installation", serde_json::json!({ "public_url": installation.0.public_url }));
    operators::insert(tx, operator_id, owner, hash).await
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::{ApiResult, Extras, MeExtras, Problem, Role};
    use async_trait::async_trait;
    use std::{sync::Arc, time::Duration};

    struct NoShop;

    #[async_trait]
    impl MeExtras for NoShop {
        async fn extras(&self) -> ApiResult<Extras> {
            Err(Problem::unavailable("starting"))
        }
    }

    #[tokio::test]
    async fn a_wrong_token_is_refused_before_anything_is_computed() {
        let database = testing::TestDatabase::sqlite(&[jobs::MIGRATIONS, crate::MIGRATIONS]).await;
        let jobs = jobs::Jobs::new(database.records.clone(), database.clock.clone());
        let access =
            Access::open(database.records.clone(), jobs, database.clock.clone(), Arc::new(NoShop)).await.unwrap();
        access.setup_token().await.unwrap().unwrap();
        let turns = access.inner.passwords.take_all_turns().await;
        let set_up = || {
            let installation = NewInstallation::new("店", "Asia/Tokyo", "JPY", "https://crm.example.com").unwrap();
            let password = Some("long enough to be one".to_owned());
            access.set_up(
                "a guess",
                installation,
                NewOperator::new("誰", "a@example.com", Role::Owner, password).unwrap(),
            )
        };
        // While others take all turns: who had to compute first would wait.
        let refused = tokio::time::timeout(Duration::from_secs(5), set_up()).await.expect("an answer without a turn");
        assert!(matches!(refused, Err(AccessError::LinkInvalid)));
        drop(turns);
    }

    #[test]
    fn an_address_is_https_or_this_computer() {
        for (text, expected) in [
            ("https://crm.example.com", Some("https://crm.example.com")),
            (" https://CRM.example.com:8443/ ", Some("https://crm.example.com:8443")),
            ("http://localhost:8080", Some("http://localhost:8080")),
            ("http://127.0.0.1:8080/", Some("http://127.0.0.1:8080")),
            ("http://[::1]:8080", Some("http://[::1]:8080")),
            ("http://crm.example.com", None),
            ("https://crm.example.com/najimi", None),
            ("https://user@example.com", None),
            ("ftp://example.com", None),
            ("crm.example.com", None),
            ("javascript:alert(1)", None),
            ("", None),
        ] {
            assert_eq!(checked_url(text).ok().as_deref(), expected, "{text}");
        }
    }
}
