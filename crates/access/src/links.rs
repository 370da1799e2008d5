//! Links that sign in once: printed at the first start, and made by an owner for somebody who has no password yet.

use crate::{Access, AccessError, Operator, Secret, sql};
use records::Actor;
use vocabulary::OperatorId;

/// A link that is printed or asked for by somebody who sits there.
pub(crate) const SOON_SECONDS: i64 = 15 * 60;
/// A link for somebody who is to be let in.
pub(crate) const INVITATION_SECONDS: i64 = 3 * 24 * 3600;

impl Access {
    /// A token that signs this operator in once within 15 minutes: `/sign-in?token=…`.
    pub async fn sign_in_link(&self, actor: &Actor, operator_id: OperatorId) -> Result<Secret, AccessError> {
        self.link(actor, operator_id, SOON_SECONDS).await
    }

    /// A token that signs this operator in once within three days: for somebody who has no password yet.
    pub async fn invitation_link(&self, actor: &Actor, operator_id: OperatorId) -> Result<Secret, AccessError> {
        self.link(actor, operator_id, INVITATION_SECONDS).await
    }

    async fn link(&self, actor: &Actor, operator_id: OperatorId, seconds: i64) -> Result<Secret, AccessError> {
        let token = Secret::new();
        let mut tx = self.inner.records.begin(actor, "operator.link").await?;
        let operator = sql::find_operator(&tx, operator_id).await?.filter(|operator| operator.is_active);
        operator.ok_or(AccessError::Unknown("operator"))?;
        sql::make_link(&tx, &token.hash(), Some(operator_id), tx.began_at().plus_seconds(seconds)).await?;
        tx.about(operator_id, serde_json::json!({ "seconds": seconds }));
        tx.commit().await?;
        Ok(token)
    }

    /// The address that opens with this token.
    pub fn sign_in_url(&self, token: &Secret) -> String {
        let public_url = self.installation().map_or_else(String::new, |installation| installation.public_url.clone());
        format!("{public_url}/sign-in?token={}", token.reveal())
    }

    /// Signs in by a link, which is then used up.
    pub async fn sign_in_by_link(&self, token: &str, old: Option<Secret>) -> Result<(Operator, Secret), AccessError> {
        let token = Secret::brought(token);
        let now = self.inner.clock.now();
        let operator =
            sql::find_link(&self.inner.records.reader(), &token.hash(), now).await?.ok_or(AccessError::LinkInvalid)?;
        let session = self.begin_session(&operator, old, None, Some(&token)).await?.ok_or(AccessError::LinkInvalid)?;
        Ok((operator, session))
    }
}
