//! The harm line of a campaign: who unsubscribed from it, against what is usual here.

use super::sql::{self, Response};
use crate::{
    Engage,
    campaigns::{CampaignError, campaign::Campaign, sql as campaigns},
};
use experiments::{HarmLine, HarmReading, harm};

/// Days of earlier campaigns that say what is usual.
const USUAL_DAYS: i64 = 365;
/// Messages that it takes to say what is usual.
const USUAL_MESSAGES_MIN: u64 = 200;

/// How a campaign stands by its harm line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Harm {
    pub unsubscribed: u64,
    pub delivered: u64,
    /// Of earlier campaigns; none before there are enough of them.
    pub usual: Option<f64>,
    pub line: HarmLine,
    pub reading: HarmReading,
}

impl Harm {
    pub(super) fn new(unsubscribed: u64, delivered: u64, usual: Option<f64>) -> Self {
        let line = HarmLine::for_usual(usual);
        Self { unsubscribed, delivered, usual, line, reading: harm(unsubscribed, delivered, &line) }
    }
}

impl Engage {
    /// How a campaign stands by its harm line now.
    pub(crate) async fn harm(&self, campaign: &Campaign) -> Result<Harm, CampaignError> {
        let Some(window) = self.window(campaign) else { return Ok(Harm::new(0, 0, None)) };
        let arms = self.assigned(campaign).await?;
        let responses = sql::responses(self.inner.history.as_ref(), campaign, &window).await?;
        let left: roaring::RoaringBitmap = responses
            .into_iter()
            .filter(|(response, _)| *response == Response::Unsubscribed)
            .map(|(_, person)| arms.now(person))
            .collect();
        let delivered = self.sent_now(campaign.campaign_id).await?;
        Ok(Harm::new((left & arms.treated).len(), delivered, self.usual(campaign).await?))
    }

    /// The usual share of messages that are followed by an unsubscribe: of the campaigns of the year before.
    pub(super) async fn usual(&self, campaign: &Campaign) -> Result<Option<f64>, CampaignError> {
        let Some(started_at) = campaign.started_at else { return Ok(None) };
        let from = started_at.plus_days(-USUAL_DAYS);
        let earlier = campaigns::earlier(&self.reader(), campaign.campaign_id, from, started_at).await?;
        let sent: u64 = earlier.iter().map(|(_, sent)| sent).sum();
        if sent < USUAL_MESSAGES_MIN {
            return Ok(None);
        }
        let ids: Vec<_> = earlier.into_iter().map(|(id, _)| id).collect();
        let left = sql::unsubscribed(self.inner.history.as_ref(), &ids).await?;
        Ok(Some(left as f64 / sent as f64))
    }
}
