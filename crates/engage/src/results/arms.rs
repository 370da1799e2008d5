//! The arms as they are counted: as they were drawn, after merges.
//!
//! Somebody whom a merge has shown to be in both arms leaves the result: the mail reached them, and they were to be
//! compared with.

use crate::{
    Engage,
    campaigns::{CampaignError, campaign::Campaign, sql},
};
use roaring::RoaringBitmap;
use std::collections::HashMap;
use vocabulary::Day;

/// The arms of a campaign.
#[derive(Clone, Debug, Default)]
pub(crate) struct Arms {
    pub treated: RoaringBitmap,
    pub control: RoaringBitmap,
    /// People who were in both.
    pub merged: u64,
    /// Whom those who were joined to somebody are now.
    redirects: HashMap<u32, u32>,
}

impl Arms {
    /// Who somebody is after all merges.
    pub fn now(&self, person: u32) -> u32 {
        now(&self.redirects, person)
    }

    /// Everybody in either arm.
    pub fn everybody(&self) -> RoaringBitmap {
        &self.treated | &self.control
    }

    fn after_merges(drawn: &sql::Drawn, redirects: HashMap<u32, u32>) -> Self {
        let resolved = |people: &RoaringBitmap| people.iter().map(|person| now(&redirects, person)).collect();
        let (treated, control): (RoaringBitmap, RoaringBitmap) = (resolved(&drawn.treated), resolved(&drawn.control));
        let both = &treated & &control;
        Self { treated: treated - &both, control: control - &both, merged: both.len(), redirects }
    }
}

/// Merges that follow each other; no more than this, should they ever run in a circle.
const MERGES_MAX: usize = 64;

fn now(redirects: &HashMap<u32, u32>, mut person: u32) -> u32 {
    for _ in 0..MERGES_MAX {
        match redirects.get(&person) {
            Some(next) => person = *next,
            None => break,
        }
    }
    person
}

impl Engage {
    /// The arms of a campaign; empty before they are drawn.
    pub(crate) async fn assigned(&self, campaign: &Campaign) -> Result<Arms, CampaignError> {
        let reader = self.reader();
        let drawn = sql::drawn(&reader, campaign.campaign_id).await?.unwrap_or_default();
        let redirects = customers::identity::sql::redirects(&reader).await?;
        Ok(Arms::after_merges(&drawn, redirects))
    }

    /// Who bought within the window, up to a local day, of both arms.
    pub(crate) async fn buyers(&self, campaign: &Campaign, until: Option<Day>) -> Result<RoaringBitmap, CampaignError> {
        let Some(window) = self.window(campaign) else { return Ok(RoaringBitmap::new()) };
        let arms = self.assigned(campaign).await?;
        let until = until.unwrap_or(window.until());
        let bought = super::sql::bought(self.inner.history.as_ref(), campaign, &window, until).await?;
        let buyers: RoaringBitmap =
            bought.iter().filter(|bought| bought.first_day.is_some()).map(|bought| arms.now(bought.customer)).collect();
        Ok(buyers & arms.everybody())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_was_in_both_arms_leaves() {
        let drawn = sql::Drawn { treated: RoaringBitmap::from([1, 2, 3, 4]), control: RoaringBitmap::from([5, 6, 7]) };
        // 5 and 3 are one person; 2 and 1 too, but in the same arm; 6 became 9, then 8.
        let redirects = HashMap::from([(5, 3), (2, 1), (6, 9), (9, 8)]);
        let arms = Arms::after_merges(&drawn, redirects);
        assert_eq!(
            (arms.treated, arms.control, arms.merged),
            (RoaringBitmap::from([1, 4]), RoaringBitmap::from([7, 8]), 1)
        );
    }
}
