//! Sending: a job that draws the arms once, keeps them, and puts the treated arm into the outbox in pieces.
//!
//! Invariant: the job may run twice, and from any point on; the arms are drawn once (kept by the key of
//! `campaign_people`) and everybody is queued once (kept by the outbox; shown in `tests/it/campaigns/send.rs`).

use super::{
    CampaignError,
    audience::draw,
    campaign::{Campaign, CampaignState},
    mail::Surroundings,
    sql::{self, Drawn},
};
use crate::Engage;
use async_trait::async_trait;
use channels::{outbox, sendings};
use jobs::{JobContext, JobError, Work};
use records::{Actor, RecordsError, RecordsResult, Tx};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::sync::Arc;
use vocabulary::id::{CampaignId, Ordinal};

/// The kind of the job.
const KIND: &str = "campaign.send";
/// People who are queued in one transaction.
const QUEUED_AT_ONCE: usize = 5_000;

/// The background work of campaigns, for the runner.
pub fn works(engage: Engage) -> Vec<Arc<dyn Work>> {
    vec![Arc::new(SendWork(engage))]
}

#[derive(Serialize, Deserialize)]
struct Input {
    campaign_id: CampaignId,
}

impl Engage {
    /// Queues the job in the transaction that lets the campaign begin.
    pub(crate) async fn queue_sending(&self, tx: &Tx, campaign_id: CampaignId) -> RecordsResult<()> {
        let key = campaign_id.to_string();
        self.inner.jobs.enqueue_unique(tx, KIND, &key, &Input { campaign_id }, None).await.map(|_| ())
    }
}

struct SendWork(Engage);

#[async_trait]
impl Work for SendWork {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn permission(&self) -> &'static str {
        "campaigns.send"
    }

    async fn run(&self, job: JobContext) -> Result<Value, JobError> {
        let Input { campaign_id } = job.input()?;
        match self.0.send_out(campaign_id, &job).await {
            Ok(queued) => Ok(json!({ "queued": queued })),
            Err(CampaignError::Mail(error)) => {
                self.0.give_back(campaign_id).await?;
                let sentence = format!("The mail could not be sent as it is written: {error}.");
                Err(JobError::failed(sentence, "Mend the draft, then send it again."))
            }
            Err(CampaignError::SegmentUnknown) => {
                self.0.give_back(campaign_id).await?;
                Err(JobError::failed(
                    "The campaign's segment was deleted.",
                    "Choose another segment, then send it again.",
                ))
            }
            Err(error) => Err(job_error(error)),
        }
    }
}

fn job_error(error: CampaignError) -> JobError {
    match error {
        CampaignError::Records(error) => error.into(),
        CampaignError::History(error) if error.is_worth_retrying() => JobError::retry("The history is busy."),
        other => {
            tracing::error!(error = &other as &dyn std::error::Error, "a campaign could not be sent");
            JobError::failed("The campaign could not be sent.", "See the log of Najimi for the cause.")
        }
    }
}

/// Whether somebody waits to be queued.
fn is_under_way(campaign: &Campaign) -> bool {
    matches!(campaign.state, CampaignState::Sending | CampaignState::Paused) && !campaign.is_queued
}

impl Engage {
    /// Draws, opens and queues, as far as that was not done yet, and tells how many are in the outbox.
    async fn send_out(&self, campaign_id: CampaignId, job: &JobContext) -> Result<u64, CampaignError> {
        let found = sql::find(&self.reader(), campaign_id).await?;
        let Some(campaign) = found.filter(is_under_way) else { return Ok(0) };
        if sql::drawn(&self.reader(), campaign_id).await?.is_none() {
            self.start(&campaign).await?;
        }
        let Some(drawn) = sql::drawn(&self.reader(), campaign_id).await? else { return Ok(0) };
        self.queue_all(campaign_id, &drawn, job).await
    }

    /// Draws the arms among those who can be reached now, keeps them and opens the sending, in one commit.
    async fn start(&self, campaign: &Campaign) -> Result<(), CampaignError> {
        let Some(audience) = self.audience(&campaign.draft.whom).await? else {
            return Err(CampaignError::SegmentUnknown);
        };
        let chosen = self.people(&audience.tree).await?;
        let sendable = self.screen(&chosen).await?.sendable;
        let controls = draw(&self.reader(), campaign.campaign_id, &sendable, &[campaign.draft.holdout]).await?;
        let control = controls.into_iter().next().unwrap_or_default();
        let drawn = Drawn { treated: sendable - &control, control };
        let settings = self.inner.channels.mail_settings().await?;
        let mail = &campaign.draft.mail;
        let around = Surroundings::of(&self.reader(), mail, &settings, self.currency()).await?;

        let tx = self.begin(campaign.campaign_id, "campaign.start").await?;
        let Some(mut campaign) = sql::find_for_update(&tx, campaign.campaign_id).await?.filter(is_under_way) else {
            return Ok(());
        };
        if !sql::save_drawn(&tx, campaign.campaign_id, &drawn).await? {
            return Ok(());
        }
        let (id, name, now) = (campaign.campaign_id.uuid(), campaign.draft.name.clone(), self.now());
        sendings::open_content(&tx, id, &name, &around.content(&campaign.draft.mail), now).await?;
        if campaign.state == CampaignState::Paused {
            sendings::pause(&tx, id).await?;
        }
        campaign.started_at = Some(now);
        campaign.segment_text = Some(audience.text);
        campaign.people = Some(chosen.len());
        (campaign.treated, campaign.control) = (drawn.treated.len(), drawn.control.len());
        sql::save(&tx, &campaign).await?;
        tx.commit().await?;
        tracing::info!(campaign = %campaign.campaign_id, treated = campaign.treated, control = campaign.control, "a campaign was drawn");
        Ok(())
    }

    async fn queue_all(&self, campaign_id: CampaignId, drawn: &Drawn, job: &JobContext) -> Result<u64, CampaignError> {
        let people: Vec<Ordinal> = drawn.treated.iter().collect();
        let (mut done, total) = (0, people.len() as u64);
        for chunk in people.chunks(QUEUED_AT_ONCE) {
            if job.is_cancelled() || !self.queue_some(campaign_id, chunk).await? {
                return Ok(done);
            }
            done += chunk.len() as u64;
            job.progress(done, Some(total), "queued");
            self.inner.channels.wake();
        }
        let tx = self.begin(campaign_id, "campaign.queued").await?;
        if let Some(mut campaign) = sql::find_for_update(&tx, campaign_id).await?.filter(is_under_way) {
            campaign.is_queued = true;
            sql::save(&tx, &campaign).await?;
        }
        tx.commit().await?;
        Ok(done)
    }

    /// False when the campaign was stopped meanwhile.
    async fn queue_some(&self, campaign_id: CampaignId, people: &[Ordinal]) -> RecordsResult<bool> {
        let tx = self.begin(campaign_id, "campaign.queue").await?;
        if !sql::find_for_update(&tx, campaign_id).await?.is_some_and(|campaign| is_under_way(&campaign)) {
            return Ok(false);
        }
        outbox::queue(&tx, campaign_id.uuid(), people, self.now()).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// A campaign whose job was cancelled or failed for good waits for a person: paused when it has begun, else a draft
    /// again.
    pub(super) async fn leave_to_people(&self, campaign_id: CampaignId) -> Result<(), CampaignError> {
        let tx = self.begin(campaign_id, "campaign.leave").await?;
        let found = sql::find_for_update(&tx, campaign_id).await?;
        let Some(mut campaign) =
            found.filter(|campaign| campaign.state == CampaignState::Sending && !campaign.is_queued)
        else {
            return Ok(());
        };
        // Asked behind the lock: a job that ended well has said so in the campaign before.
        if self.inner.jobs.is_open(&tx, KIND, &campaign_id.to_string()).await? {
            return Ok(());
        }
        if campaign.started_at.is_some() {
            campaign.pause()?;
            sendings::pause(&tx, campaign_id.uuid()).await?;
        } else {
            campaign.give_back();
        }
        sql::save(&tx, &campaign).await?;
        Ok(tx.commit().await?)
    }

    /// Nothing left: the campaign is a draft again, with what stands in its way.
    async fn give_back(&self, campaign_id: CampaignId) -> Result<(), RecordsError> {
        let tx = self.begin(campaign_id, "campaign.give_back").await?;
        let found = sql::find_for_update(&tx, campaign_id).await?;
        if let Some(mut campaign) = found.filter(|campaign| is_under_way(campaign) && campaign.started_at.is_none()) {
            campaign.give_back();
            sql::save(&tx, &campaign).await?;
        }
        tx.commit().await
    }

    /// A change by the campaign's own background work.
    pub(crate) async fn begin(&self, campaign_id: CampaignId, action: &'static str) -> RecordsResult<Tx> {
        let mut tx = self.inner.records.begin(&Actor::System("campaigns"), action).await?;
        tx.about(campaign_id, json!({}));
        Ok(tx)
    }
}
