//! A request that comes twice has one effect and one answer.
//!
//! Invariant: the answer is kept in the transaction that made the change, so either both are there or neither
//! (shown in `tests/it/campaigns/send.rs`).

use super::{
    CampaignError,
    sql::{self, Answered},
};
use axum::{extract::FromRequestParts, http::request::Parts};
use records::{RecordsError, Tx};
use serde::Serialize;
use serde_json::Value;
use vocabulary::id::CampaignId;

/// The header of such a request.
const HEADER: &str = "idempotency-key";
/// Letters of a key.
const LETTERS_MAX: usize = 200;

/// The key of a request, when it brought one.
#[derive(Clone, Debug)]
pub(crate) struct IdempotencyKey(Option<String>);

impl<S: Send + Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = access::Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, access::Problem> {
        let Some(value) = parts.headers.get(HEADER) else { return Ok(Self(None)) };
        let text = value.to_str().ok().filter(|text| (1..=LETTERS_MAX).contains(&text.len()));
        let text = text.filter(|text| text.bytes().all(|byte| byte.is_ascii_graphic()));
        text.map(|text| Self(Some(text.to_owned())))
            .ok_or_else(|| CampaignError::Key { letters_max: LETTERS_MAX }.into())
    }
}

impl IdempotencyKey {
    /// What was answered to this request before.
    pub async fn answered(
        &self,
        tx: &Tx,
        campaign: CampaignId,
        request: &impl Serialize,
    ) -> Result<Option<Value>, CampaignError> {
        let Some(key) = &self.0 else { return Ok(None) };
        let Some(answered) = sql::answered(tx, campaign, key).await? else { return Ok(None) };
        if answered.request != json(request) {
            return Err(CampaignError::KeyReused);
        }
        let answer = serde_json::from_str(&answered.answer);
        Ok(Some(answer.map_err(|_| RecordsError::unreadable("campaign_requests.answer"))?))
    }

    /// Keeps the answer to this request.
    pub async fn keep(
        &self,
        tx: &Tx,
        campaign: CampaignId,
        request: &impl Serialize,
        answer: &impl Serialize,
    ) -> Result<(), CampaignError> {
        let Some(key) = &self.0 else { return Ok(()) };
        let answered = Answered { request: json(request), answer: json(answer) };
        Ok(sql::save_answer(tx, campaign, key, answered, tx.began_at()).await?)
    }
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
