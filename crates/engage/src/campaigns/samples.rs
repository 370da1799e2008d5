//! Sample campaigns of the demo: finished before anybody came, with simulated answers and a printed truth.

use super::{
    Mail,
    campaign::{Campaign, CampaignState, Draft, WINDOW_DAYS, Whom},
    sql::{self, Drawn},
};
use records::{RecordsResult, Tx};
use roaring::RoaringBitmap;
use vocabulary::{
    Timestamp,
    id::{CampaignId, name_based},
};

/// A finished campaign with simulated answers.
#[derive(Clone, Debug)]
pub struct SampleCampaign {
    /// Its name; also makes its id, so that inserting it twice is inserting it once.
    pub name: String,
    /// The mail that is shown.
    pub mail: Mail,
    /// The people in words.
    pub segment_text: String,
    /// The share that was held back.
    pub holdout: f64,
    /// When it was sent.
    pub started_at: Timestamp,
    /// Who got it.
    pub treated: RoaringBitmap,
    /// Who was held back.
    pub control: RoaringBitmap,
    /// What the mail truly adds to the share of buyers, as a fraction: 0.06 is six points.
    pub true_effect: f64,
}

impl SampleCampaign {
    /// The id that it has or will have.
    pub fn campaign_id(&self) -> CampaignId {
        name_based(&["sample campaign", &self.name]).into()
    }
}

/// The site of the simulated orders of a sample campaign (`OrderState::site`): so the orders of one are not counted
/// for the other, whose people and days are partly the same.
pub fn sample_site(campaign: CampaignId) -> String {
    format!("{SITE_PREFIX}{campaign}")
}

/// What such sites begin with.
pub(crate) const SITE_PREFIX: &str = "simulation:";

/// Puts a sample campaign in, unless it is there.
pub async fn insert_sample(tx: &Tx, sample: SampleCampaign) -> RecordsResult<CampaignId> {
    let campaign_id = sample.campaign_id();
    let (treated, control) = (sample.treated.len(), sample.control.len());
    let draft = Draft { name: sample.name, whom: Whom::Nobody, mail: sample.mail, holdout: sample.holdout };
    let campaign = Campaign {
        campaign_id,
        state: CampaignState::Measuring,
        segment_text: Some(sample.segment_text),
        started_at: Some(sample.started_at),
        window_days: WINDOW_DAYS,
        people: Some(treated + control),
        treated,
        control,
        sent: treated,
        is_queued: true,
        is_settled: true,
        is_simulated: true,
        true_effect: Some(sample.true_effect),
        ..Campaign::new(draft, sample.started_at)
    };
    sql::insert(tx, &campaign).await?;
    sql::save_drawn(tx, campaign_id, &Drawn { treated: sample.treated, control: sample.control }).await?;
    Ok(campaign_id)
}
