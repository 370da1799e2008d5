//! The people behind a campaign's figures: a reference that goes out with the figure and leads to the same people.
//!
//! A reference is `campaign:` and the question in JSON, base64url. It holds no person, so anybody may see it.

use super::{CampaignError, sql};
use crate::Engage;
use async_trait::async_trait;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use channels::gate::Refusal;
use roaring::RoaringBitmap;
use segments::{everyone::EvaluationError, people::PeopleSource};
use serde::{Deserialize, Serialize};
use vocabulary::{Day, id::CampaignId};

/// What references of campaigns begin with.
const PREFIX: &str = "campaign";
/// Letters of a reference; ours are far shorter.
const REFERENCE_MAX: usize = 1_000;

/// Which people of a campaign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Part {
    Chosen,
    NoConsent,
    BadAddress,
    Suppressed,
    RecentlySent,
    Sendable,
    Treated,
    Control,
    TreatedBuyers,
    ControlBuyers,
    Buyers,
}

impl From<Refusal> for Part {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NoConsent => Self::NoConsent,
            Refusal::BadAddress => Self::BadAddress,
            Refusal::Suppressed => Self::Suppressed,
            Refusal::RecentlySent => Self::RecentlySent,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Reference {
    campaign: CampaignId,
    part: Part,
    /// Orders up to this local day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until: Option<Day>,
}

/// The reference to a part of a campaign's people.
pub(crate) fn reference(campaign: CampaignId, part: Part, until: Option<Day>) -> String {
    let json = serde_json::to_vec(&Reference { campaign, part, until }).unwrap_or_default();
    format!("{PREFIX}:{}", URL_SAFE_NO_PAD.encode(json))
}

fn read(text: &str) -> Option<Reference> {
    let bytes = (text.len() <= REFERENCE_MAX).then(|| URL_SAFE_NO_PAD.decode(text).ok()).flatten()?;
    serde_json::from_slice(&bytes).ok()
}

/// Finds the people behind the figures of campaigns and results.
#[derive(Clone)]
pub struct CampaignPeople(pub Engage);

#[async_trait]
impl PeopleSource for CampaignPeople {
    fn prefix(&self) -> &'static str {
        PREFIX
    }

    async fn people(&self, reference: &str) -> Result<RoaringBitmap, EvaluationError> {
        let unknown = || EvaluationError::Reference(reference.chars().take(40).collect());
        let read = read(reference).ok_or_else(unknown)?;
        Ok(self.0.people_of(read).await?)
    }
}

impl Engage {
    async fn people_of(&self, reference: Reference) -> Result<RoaringBitmap, CampaignError> {
        let campaign =
            sql::find(&self.reader(), reference.campaign).await?.ok_or(CampaignError::Unknown("campaign"))?;
        match reference.part {
            Part::Chosen => self.chosen(&campaign).await,
            Part::NoConsent => Ok(self.screened(&campaign).await?.no_consent),
            Part::BadAddress => Ok(self.screened(&campaign).await?.bad_address),
            Part::Suppressed => Ok(self.screened(&campaign).await?.suppressed),
            Part::RecentlySent => Ok(self.screened(&campaign).await?.recently_sent),
            Part::Sendable => Ok(self.screened(&campaign).await?.sendable),
            Part::Treated => Ok(self.assigned(&campaign).await?.treated),
            Part::Control => Ok(self.assigned(&campaign).await?.control),
            Part::TreatedBuyers => {
                Ok(self.buyers(&campaign, reference.until).await? & self.assigned(&campaign).await?.treated)
            }
            Part::ControlBuyers => {
                Ok(self.buyers(&campaign, reference.until).await? & self.assigned(&campaign).await?.control)
            }
            Part::Buyers => self.buyers(&campaign, reference.until).await,
        }
    }

    async fn chosen(&self, campaign: &super::campaign::Campaign) -> Result<RoaringBitmap, CampaignError> {
        let audience = self.audience(&campaign.draft.whom).await?;
        let Some(audience) = audience else { return Ok(RoaringBitmap::new()) };
        Ok(self.people_lately(&audience.tree).await?.as_ref().clone())
    }

    async fn screened(&self, campaign: &super::campaign::Campaign) -> Result<channels::gate::Screened, CampaignError> {
        let chosen = self.chosen(campaign).await?;
        self.screen(&chosen).await
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_reference_is_read_again_and_nothing_else_is() {
        let id = CampaignId::from("0192f3a1-0000-7000-8000-000000000001".parse::<CampaignId>().unwrap().uuid());
        let text = reference(id, Part::TreatedBuyers, Some("2026-12-11".parse().unwrap()));
        let found = read(text.strip_prefix("campaign:").unwrap()).unwrap();
        assert_eq!((found.campaign, found.part), (id, Part::TreatedBuyers));
        assert_eq!(found.until.unwrap().to_string(), "2026-12-11");
        assert_eq!(read("bm8"), None);
        assert_eq!(read(&"A".repeat(2_000)), None);
    }
}
