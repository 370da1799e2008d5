//! Outcomes that were computed before: kept while the history stands where it stood, and some seconds longer.

use super::outcome::Outcome;
use crate::{
    Engage,
    campaigns::{CampaignError, campaign::Campaign, window::Window},
};
use history::Positions;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};
use vocabulary::id::CampaignId;

/// Outcomes that are kept at the most.
const OUTCOMES_MAX: usize = 256;

/// What an outcome depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Basis {
    window: Window,
    sent: u64,
    is_settled: bool,
}

struct Known {
    basis: Basis,
    position: Positions,
    at: Instant,
    outcome: Arc<Outcome>,
}

/// Outcomes that were computed before.
pub(crate) struct Results {
    known: Mutex<HashMap<CampaignId, Known>>,
    /// How long an outcome is given out when the history has moved on.
    stale_max: Duration,
    /// Held by whoever computes: results share the machine with people who work.
    turn: tokio::sync::Mutex<()>,
}

impl Results {
    pub fn new(stale_max: Duration) -> Self {
        Self { known: Mutex::default(), stale_max, turn: tokio::sync::Mutex::default() }
    }

    fn find(&self, id: CampaignId, basis: Basis, position: Positions) -> Option<Arc<Outcome>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let known = known.get(&id).filter(|known| known.basis == basis)?;
        let is_fresh = known.position == position || known.at.elapsed() < self.stale_max;
        is_fresh.then(|| known.outcome.clone())
    }

    fn keep(&self, id: CampaignId, known: Known) {
        let mut all = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= OUTCOMES_MAX && !all.contains_key(&id) {
            let oldest = all.iter().min_by_key(|(_, known)| known.at).map(|(id, _)| *id);
            oldest.and_then(|oldest| all.remove(&oldest));
        }
        all.insert(id, known);
    }
}

impl Engage {
    /// What a campaign brought so far.
    pub(crate) async fn outcome(&self, campaign: &Campaign) -> Result<Arc<Outcome>, CampaignError> {
        let window = self.window(campaign).ok_or(CampaignError::NotSent)?;
        let basis = Basis { window, sent: campaign.sent, is_settled: campaign.is_settled };
        let (results, id) = (&self.inner.results, campaign.campaign_id);
        if let Some(outcome) = results.find(id, basis, self.inner.history.position()) {
            return Ok(outcome);
        }
        let _turn = results.turn.lock().await;
        let position = self.inner.history.position();
        if let Some(outcome) = results.find(id, basis, position) {
            return Ok(outcome);
        }
        let outcome = Arc::new(self.compute(campaign, window).await?);
        results.keep(id, Known { basis, position, at: Instant::now(), outcome: outcome.clone() });
        Ok(outcome)
    }
}
