//! The one sentence of a result, for lists and for the top of its page.

use super::outcome::Outcome;
use crate::{
    Engage,
    campaigns::{CampaignState, campaign::Campaign},
};
use experiments::Verdict;
use segments::one::Phrase;
use serde_json::{Map, Value, json};
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// How long a list waits for the sentences of finished campaigns. What takes longer is there the next time.
const WAIT_MAX: Duration = Duration::from_millis(1_500);

impl Engage {
    /// The headline of each campaign, where there is one: while it is measured by the calendar, afterwards by its outcome.
    pub(crate) async fn headlines(&self, campaigns: &[Campaign]) -> Vec<Option<Phrase>> {
        let deadline = Instant::now() + WAIT_MAX;
        let mut headlines = Vec::with_capacity(campaigns.len());
        for campaign in campaigns {
            headlines.push(self.headline(campaign, deadline).await);
        }
        headlines
    }

    async fn headline(&self, campaign: &Campaign, deadline: Instant) -> Option<Phrase> {
        let window = self.window(campaign)?;
        match self.state(campaign) {
            CampaignState::Measuring | CampaignState::Stopped if !window.is_over => {
                Some(measuring(window.day_n(), window.days))
            }
            CampaignState::Finished | CampaignState::Stopped => {
                let (engage, campaign) = (self.clone(), campaign.clone());
                // On its own, so that it is finished and kept also when nobody waits any more.
                let outcome = tokio::spawn(async move { engage.outcome(&campaign).await });
                let outcome = timeout_at(deadline, outcome).await.ok()?.ok()?.ok()?;
                Some(of(&outcome))
            }
            CampaignState::Draft
            | CampaignState::Scheduled
            | CampaignState::Sending
            | CampaignState::Paused
            | CampaignState::Measuring => None,
        }
    }
}

/// The sentence of an outcome.
pub(super) fn of(outcome: &Outcome) -> Phrase {
    let code = match outcome.verdict {
        Verdict::Measuring { .. } => return measuring(outcome.window.day_n(), outcome.window.days),
        Verdict::TooFew(_) => "result_too_few",
        Verdict::NoDifference => "result_no_difference",
        Verdict::More => "result_more",
        Verdict::Less => "result_less",
    };
    let rate = outcome.differences.as_ref().and_then(|found| found.rate.as_ref().ok());
    let params = rate.map(|rate| json!({ "estimate": rate.difference, "low": rate.low, "high": rate.high }));
    phrase(code, params.unwrap_or_default())
}

fn measuring(day: u32, window: u32) -> Phrase {
    phrase("result_measuring", json!({ "day": day, "window": window }))
}

fn phrase(code: &str, params: Value) -> Phrase {
    let params = match params {
        Value::Object(params) => params,
        _ => Map::new(),
    };
    Phrase { code: code.to_owned(), params }
}
