//! The watch over campaigns under way: starts those whose time has come, sees when everything has left, and stops
//! those that do harm.

use super::{
    CampaignError,
    campaign::{Campaign, CampaignState, StopReason},
    sql,
};
use crate::Engage;
use channels::{
    outbox,
    sendings::{self, SendingState},
};
use experiments::HarmVerdict;
use records::Actor;
use std::{collections::HashMap, time::Duration};
use tokio::{sync::watch, time};
use vocabulary::id::CampaignId;

/// How often it looks.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Every how many looks the harm line is read.
const HARM_EVERY: u32 = 5;

/// Watches until `shutdown` holds `true`.
pub async fn keep_watch(engage: Engage, mut shutdown: watch::Receiver<bool>) {
    let mut looks: u32 = 0;
    let mut is_failing = HashMap::new();
    loop {
        tokio::select! {
            _ = shutdown.wait_for(|is_shutdown| *is_shutdown) => return,
            () = time::sleep(LOOK_EVERY) => {}
        }
        looks = looks.wrapping_add(1);
        match engage.look(looks.is_multiple_of(HARM_EVERY)).await {
            Ok(failed) => tell(&mut is_failing, failed),
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "the campaigns could not be watched")
            }
        }
    }
}

/// A campaign that cannot be watched is told of once, not every second.
fn tell(is_failing: &mut HashMap<CampaignId, ()>, failed: Vec<(CampaignId, CampaignError)>) {
    is_failing.retain(|id, ()| failed.iter().any(|(other, _)| other == id));
    for (campaign, error) in failed {
        if is_failing.insert(campaign, ()).is_none() {
            tracing::warn!(%campaign, error = &error as &dyn std::error::Error, "a campaign could not be watched");
        }
    }
}

impl Engage {
    /// One look at everything under way, the harm line included. For the demo's clock, after each day that it moves,
    /// and for tests; otherwise [`keep_watch`] does it every second.
    pub async fn watch_once(&self) -> Result<(), CampaignError> {
        match self.look(true).await?.into_iter().next() {
            Some((_, error)) => Err(error),
            None => Ok(()),
        }
    }

    /// One campaign that fails keeps no other from being looked at.
    async fn look(&self, is_harm_read: bool) -> Result<Vec<(CampaignId, CampaignError)>, CampaignError> {
        let mut failed = Vec::new();
        for campaign in sql::open(&self.reader()).await? {
            if let Err(error) = self.look_at(&campaign, is_harm_read).await {
                failed.push((campaign.campaign_id, error));
            }
        }
        Ok(failed)
    }

    async fn look_at(&self, campaign: &Campaign, is_harm_read: bool) -> Result<(), CampaignError> {
        if campaign.state == CampaignState::Sending && !campaign.is_queued {
            self.leave_to_people(campaign.campaign_id).await?;
        }
        match campaign.state {
            CampaignState::Scheduled => self.begin_when_due(campaign).await,
            CampaignState::Sending | CampaignState::Paused | CampaignState::Stopped
                if campaign.started_at.is_some() =>
            {
                self.follow_sending(campaign).await?;
                if is_harm_read && campaign.state != CampaignState::Stopped {
                    self.stop_when_harmful(campaign).await?;
                }
                self.settle_when_done(campaign).await
            }
            _ => Ok(()),
        }
    }

    async fn begin_when_due(&self, campaign: &Campaign) -> Result<(), CampaignError> {
        if campaign.scheduled_at.is_some_and(|at| at > self.now()) {
            return Ok(());
        }
        let tx = self.begin(campaign.campaign_id, "campaign.begin").await?;
        let Some(mut campaign) = sql::find_for_update(&tx, campaign.campaign_id).await? else { return Ok(()) };
        if campaign.begin(self.now()) {
            self.queue_sending(&tx, campaign.campaign_id).await?;
            sql::save(&tx, &campaign).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// A restored copy begins with its sendings paused: then the campaign is paused too, so that a person decides.
    async fn follow_sending(&self, campaign: &Campaign) -> Result<(), CampaignError> {
        let is_held = sendings::state(&self.reader(), campaign.campaign_id.uuid()).await? == Some(SendingState::Paused);
        if campaign.state != CampaignState::Sending || !is_held {
            return Ok(());
        }
        let tx = self.begin(campaign.campaign_id, "campaign.follow").await?;
        let Some(mut campaign) = sql::find_for_update(&tx, campaign.campaign_id).await? else { return Ok(()) };
        let is_held = sendings::state(&tx, campaign.campaign_id.uuid()).await? == Some(SendingState::Paused);
        if is_held && campaign.state == CampaignState::Sending {
            campaign.pause()?;
            sql::save(&tx, &campaign).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    async fn stop_when_harmful(&self, campaign: &Campaign) -> Result<(), CampaignError> {
        let harm = self.harm(campaign).await?;
        if harm.reading.verdict != HarmVerdict::Stop {
            return Ok(());
        }
        tracing::warn!(campaign = %campaign.campaign_id, unsubscribed = harm.unsubscribed, delivered = harm.delivered, "a campaign was stopped by its harm line");
        match self.stop_campaign(&Actor::System("harm line"), campaign.campaign_id, StopReason::Harm).await {
            // A person was faster.
            Ok(_) | Err(CampaignError::State { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    async fn settle_when_done(&self, campaign: &Campaign) -> Result<(), CampaignError> {
        let (reader, id) = (self.reader(), campaign.campaign_id);
        let is_whole = campaign.is_queued || campaign.state == CampaignState::Stopped;
        if !is_whole || !outbox::is_finished(&reader, id.uuid()).await? {
            return Ok(());
        }
        let sent = self.sent_now(id).await?;
        let tx = self.begin(id, "campaign.settle").await?;
        let Some(mut campaign) = sql::find_for_update(&tx, id).await? else { return Ok(()) };
        if !campaign.is_settled && campaign.started_at.is_some() {
            campaign.settle(sent);
            sql::save(&tx, &campaign).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// Messages that a server took or that were kept.
    pub(crate) async fn sent_now(&self, id: CampaignId) -> Result<u64, CampaignError> {
        let delivery = outbox::delivery(&self.reader(), id.uuid()).await?;
        Ok(delivery.accepted + delivery.captured)
    }
}
