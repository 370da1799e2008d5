//! What a person does with a campaign: write, send, pause, resume, stop, throw away. One transaction each.

use super::{
    CampaignError,
    api::{CampaignView, SendRequest},
    campaign::{Campaign, CampaignState, Draft, StopReason},
    idempotency::IdempotencyKey,
    sql,
};
use crate::Engage;
use channels::sendings;
use records::{Actor, Tx};
use serde_json::{Value, json};
use vocabulary::{Timestamp, id::CampaignId};

/// Campaigns that are kept.
const CAMPAIGNS_MAX: i64 = 10_000;

impl Engage {
    /// A new draft.
    pub(crate) async fn create_campaign(&self, actor: &Actor, draft: Draft) -> Result<Campaign, CampaignError> {
        draft.check()?;
        let campaign = Campaign::new(draft, self.now());
        let mut tx = self.inner.records.begin(actor, "campaign.create").await?;
        if sql::number(&tx).await? >= CAMPAIGNS_MAX {
            return Err(CampaignError::TooMany { max: CAMPAIGNS_MAX });
        }
        tx.about(campaign.campaign_id, json!({ "name": campaign.draft.name }));
        sql::insert(&tx, &campaign).await?;
        tx.commit().await?;
        Ok(campaign)
    }

    /// Changes a draft.
    pub(crate) async fn change_campaign(
        &self,
        actor: &Actor,
        id: CampaignId,
        draft: Draft,
        version: i64,
    ) -> Result<Campaign, CampaignError> {
        draft.check()?;
        let (tx, mut campaign) = self.locked(actor, id, "campaign.change").await?;
        campaign.change(draft, version)?;
        sql::save(&tx, &campaign).await?;
        tx.commit().await?;
        Ok(campaign)
    }

    /// Throws a draft away.
    pub(crate) async fn delete_campaign(&self, actor: &Actor, id: CampaignId) -> Result<(), CampaignError> {
        let (tx, campaign) = self.locked(actor, id, "campaign.delete").await?;
        campaign.is_draft_at(campaign.version)?;
        sql::delete(&tx, id).await?;
        Ok(tx.commit().await?)
    }

    /// Sends now or at a time. Asking again with the same key gives the same answer.
    pub(crate) async fn send_campaign(
        &self,
        actor: &Actor,
        id: CampaignId,
        request: &SendRequest,
        key: &IdempotencyKey,
    ) -> Result<Value, CampaignError> {
        let seen = sql::find(&self.reader(), id).await?.ok_or(CampaignError::Unknown("campaign"))?;
        // Looked at before the transaction, since counting people takes longer than a transaction may.
        let shown = self.shown(&seen).await?;
        let (mut tx, mut campaign) = self.locked(actor, id, "campaign.send").await?;
        if let Some(answer) = key.answered(&tx, id, request).await? {
            return Ok(answer);
        }
        campaign.send(request.at, request.version, self.now())?;
        if seen.version != request.version {
            return Err(CampaignError::Changed);
        }
        if !shown.problems.is_empty() {
            return Err(CampaignError::Problems(shown.problems));
        }
        if campaign.state == CampaignState::Sending {
            self.queue_sending(&tx, id).await?;
        }
        let (at, holdout) = (request.at.map(Timestamp::micros), campaign.draft.holdout);
        tx.about(id, json!({ "name": campaign.draft.name, "at": at, "holdout": holdout }));
        sql::save(&tx, &campaign).await?;
        let view = CampaignView::of(self, &campaign, shown, None);
        let answer = serde_json::to_value(view).unwrap_or_default();
        key.keep(&tx, id, request, &answer).await?;
        tx.commit().await?;
        Ok(answer)
    }

    /// Lets nothing leave for now.
    pub(crate) async fn pause_campaign(&self, actor: &Actor, id: CampaignId) -> Result<Campaign, CampaignError> {
        let (tx, mut campaign) = self.locked(actor, id, "campaign.pause").await?;
        campaign.pause()?;
        sendings::pause(&tx, id.uuid()).await?;
        sql::save(&tx, &campaign).await?;
        tx.commit().await?;
        Ok(campaign)
    }

    /// Goes on.
    pub(crate) async fn resume_campaign(&self, actor: &Actor, id: CampaignId) -> Result<Campaign, CampaignError> {
        let (tx, mut campaign) = self.locked(actor, id, "campaign.resume").await?;
        campaign.resume()?;
        sendings::resume(&tx, id.uuid()).await?;
        if campaign.state == CampaignState::Sending && !campaign.is_queued {
            self.queue_sending(&tx, id).await?;
        }
        sql::save(&tx, &campaign).await?;
        tx.commit().await?;
        self.inner.channels.wake();
        Ok(campaign)
    }

    /// Lets nothing leave any more.
    pub(crate) async fn stop_campaign(
        &self,
        actor: &Actor,
        id: CampaignId,
        reason: StopReason,
    ) -> Result<Campaign, CampaignError> {
        let (mut tx, mut campaign) = self.locked(actor, id, "campaign.stop").await?;
        campaign.stop(reason)?;
        tx.about(id, json!({ "name": campaign.draft.name, "reason": reason.name() }));
        sendings::stop(&tx, id.uuid()).await?;
        sql::save(&tx, &campaign).await?;
        tx.commit().await?;
        Ok(campaign)
    }

    async fn locked(
        &self,
        actor: &Actor,
        id: CampaignId,
        action: &'static str,
    ) -> Result<(Tx, Campaign), CampaignError> {
        let mut tx = self.inner.records.begin(actor, action).await?;
        let campaign = sql::find_for_update(&tx, id).await?.ok_or(CampaignError::Unknown("campaign"))?;
        tx.about(id, json!({ "name": campaign.draft.name }));
        Ok((tx, campaign))
    }
}
