//! 送信前の確認: from the chosen people to those who get the mail, and what effect could be told from chance.

use super::{
    CampaignError,
    audience::{Audience, draw},
    campaign::Campaign,
};
use crate::Engage;
use channels::gate::{CapSettings, Screened};
use experiments::detectable;
use roaring::RoaringBitmap;
use std::sync::Arc;
use vocabulary::Day;

/// The shares that the curve shows.
const CURVE: [f64; 4] = [0.1, 0.2, 0.3, 0.5];

/// A point of the curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Detectable {
    /// The share held back.
    pub holdout: f64,
    /// People held back by it.
    pub control: u64,
    /// The smallest increase of the buyers' share that is found in four of five campaigns, as a fraction of 1.
    pub effect: Option<f64>,
}

/// What is said before sending.
pub(crate) struct Confirmation {
    pub chosen: Arc<RoaringBitmap>,
    pub screened: Screened,
    pub control: u64,
    pub base_rate: f64,
    pub detectable: Vec<Detectable>,
    pub cap: CapSettings,
    pub result_on: Day,
}

impl Confirmation {
    /// People who may be written to.
    pub fn sendable(&self) -> u64 {
        self.screened.sendable.len()
    }
}

impl Engage {
    /// What would happen if it were sent now with this share held back.
    pub(crate) async fn confirmation(
        &self,
        campaign: &Campaign,
        audience: Option<&Audience>,
        holdout: f64,
    ) -> Result<Confirmation, CampaignError> {
        let chosen = match audience {
            Some(audience) => self.people(&audience.tree).await?,
            None => Arc::default(),
        };
        let screened = self.screen(&chosen).await?;
        let holdouts = [&CURVE[..], &[holdout]].concat();
        let controls = draw(&self.reader(), campaign.campaign_id, &screened.sendable, &holdouts).await?;
        let sizes: Vec<(f64, u64)> = holdouts.into_iter().zip(controls.iter().map(RoaringBitmap::len)).collect();
        let base_rate = match audience {
            Some(audience) if !chosen.is_empty() => self.base_rate(&audience.tree, &chosen).await?,
            _ => 0.0,
        };
        Ok(Confirmation {
            control: sizes.last().map_or(0, |(_, control)| *control),
            detectable: curve(base_rate, screened.sendable.len(), sizes[..CURVE.len()].to_vec()).await?,
            cap: self.inner.channels.cap().await?,
            result_on: self.today().plus(i32::try_from(campaign.window_days).unwrap_or(0)),
            chosen,
            screened,
            base_rate,
        })
    }
}

/// Counting power exactly takes a while, so it does not hold up the threads that answer requests.
async fn curve(base_rate: f64, people: u64, sizes: Vec<(f64, u64)>) -> Result<Vec<Detectable>, CampaignError> {
    let point = move |(holdout, control): (f64, u64)| {
        let effect = detectable(base_rate, people - control.min(people), control).map(|points| points / 100.0);
        Detectable { holdout, control, effect }
    };
    let points = tokio::task::spawn_blocking(move || sizes.into_iter().map(point).collect());
    points.await.map_err(|_| CampaignError::GivenUp)
}
