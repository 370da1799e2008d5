//! What the screens see of a campaign.

use crate::{
    Engage,
    campaigns::{
        CampaignError, CampaignState, Mail,
        campaign::{Campaign, Whom},
        mail::Surroundings,
        problems, sql,
        warnings::{self, Warning},
    },
};
use access::{ApiResult, Problem};
use channels::mail::{MailError, apart};
use segments::{one::Phrase, tree::SegmentTree};
use serde::Serialize;
use utoipa::ToSchema;
use vocabulary::Timestamp;

/// Where a campaign stands.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CampaignStateView {
    Draft,
    Scheduled,
    Sending,
    Paused,
    Stopped,
    Measuring,
    Finished,
}

impl From<CampaignState> for CampaignStateView {
    fn from(state: CampaignState) -> Self {
        match state {
            CampaignState::Draft => Self::Draft,
            CampaignState::Scheduled => Self::Scheduled,
            CampaignState::Sending => Self::Sending,
            CampaignState::Paused => Self::Paused,
            CampaignState::Stopped => Self::Stopped,
            CampaignState::Measuring => Self::Measuring,
            CampaignState::Finished => Self::Finished,
        }
    }
}

/// A campaign in a list.
#[derive(Serialize, ToSchema)]
pub struct CampaignRowView {
    campaign_id: String,
    name: String,
    state: CampaignStateView,
    /// People of the segment; null while they have not been counted.
    people: Option<u64>,
    /// Messages that a server took or that were kept.
    sent: u64,
    /// People held back.
    control: u64,
    #[schema(value_type = Option<String>, format = DateTime)]
    scheduled_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    started_at: Option<Timestamp>,
    /// Local days since the day of sending, at most those of the window.
    day_n: Option<u32>,
    window_days: u32,
    is_simulated: bool,
    /// Of a simulation: what the mail truly adds to the share of buyers, as a fraction.
    true_effect: Option<f64>,
    headline: Option<Phrase>,
}

/// A campaign.
#[derive(Serialize, ToSchema)]
pub(crate) struct CampaignView {
    #[serde(flatten)]
    row: CampaignRowView,
    segment_id: Option<String>,
    tree: Option<SegmentTree>,
    /// The segment's name; the readable form of conditions without one.
    segment_text: String,
    mail: Mail,
    /// The share held back, as a fraction.
    holdout: f64,
    version: i64,
    /// What stands in the way of sending.
    problems: Vec<Problem>,
    /// What can be sent and should be looked at again.
    warnings: Vec<WarningView>,
}

/// What a warning is about.
#[derive(ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(dead_code, reason = "describes the names of `WarningCode`")]
enum WarningCodeName {
    /// A link leads to an address that stands for another one.
    LinkPlaceholder,
    /// A list of products has none.
    ProductsEmpty,
    /// The mail tells of new products and shows none.
    ProductsMissing,
    /// Words that stand for others.
    TextPlaceholder,
    /// A text, a heading or a button without words.
    BlockEmpty,
}

/// Something in a mail that can be sent and should be looked at again.
#[derive(Clone, Serialize, ToSchema)]
pub(crate) struct WarningView {
    #[schema(value_type = WarningCodeName)]
    code: &'static str,
    /// Its place among the mail's blocks, from 0; null where it is no single block.
    block: Option<usize>,
    /// The address or the words in question.
    what: String,
}

impl From<Warning> for WarningView {
    fn from(Warning { code, block, what }: Warning) -> Self {
        Self { code: code.name(), block, what }
    }
}

/// What is looked up before a campaign is shown.
#[derive(Default)]
pub(crate) struct Shown {
    pub people: Option<u64>,
    pub segment_text: String,
    pub problems: Vec<Problem>,
    /// Messages so far.
    pub sent: u64,
}

impl Engage {
    /// Looks up what is shown with a campaign.
    pub(crate) async fn shown(&self, campaign: &Campaign) -> Result<Shown, CampaignError> {
        let mut shown = Shown { sent: self.sent(campaign).await?, ..Shown::default() };
        match self.audience(&campaign.draft.whom).await {
            Ok(Some(audience)) => {
                shown.segment_text = audience.text;
                if campaign.started_at.is_none() {
                    shown.people = Some(self.people_lately(&audience.tree).await?.len());
                }
            }
            Ok(None) => shown.problems.push(problems::segment_missing()),
            Err(CampaignError::SegmentUnknown) => shown.problems.push(problems::segment_gone()),
            Err(error) => return Err(error),
        }
        if shown.people == Some(0) {
            shown.problems.push(problems::segment_empty());
        }
        match campaign.state {
            CampaignState::Draft | CampaignState::Scheduled => {
                shown.problems.extend(self.problems(&campaign.draft.mail).await?)
            }
            _ => shown.problems.clear(),
        }
        shown.people = campaign.people.or(shown.people);
        shown.segment_text = campaign.segment_text.clone().unwrap_or(shown.segment_text);
        Ok(shown)
    }

    /// What is wrong with a mail.
    pub(crate) async fn problems(&self, mail: &Mail) -> Result<Vec<Problem>, CampaignError> {
        let settings = self.inner.channels.mail_settings().await?;
        let around = Surroundings::of(&self.reader(), mail, &settings, self.currency()).await?;
        if let Some(problems) = self.inner.checked.find(mail, &around) {
            return Ok(problems);
        }
        let looked_at = (mail.clone(), around);
        let look = move || (problems::of_mail(&looked_at.0, &looked_at.1), looked_at);
        let (problems, (mail, around)) = apart(look).await.map_err(MailError::from)?;
        self.inner.checked.keep(mail, around, &problems);
        Ok(problems)
    }

    /// What should be looked at again before this campaign is sent; none once it was.
    pub(crate) fn warnings(&self, campaign: &Campaign) -> Vec<WarningView> {
        let is_open = matches!(campaign.state, CampaignState::Draft | CampaignState::Scheduled);
        let own = self.installation().map(|installation| installation.public_url.clone());
        let found = if is_open { warnings::of_mail(&campaign.draft.mail, own.as_deref()) } else { Vec::new() };
        found.into_iter().map(WarningView::from).collect()
    }

    async fn sent(&self, campaign: &Campaign) -> Result<u64, CampaignError> {
        match campaign.started_at {
            Some(_) if !campaign.is_settled => self.sent_now(campaign.campaign_id).await,
            _ => Ok(campaign.sent),
        }
    }

    /// The campaign as it is now, with its headline when there is one.
    pub(crate) async fn view(&self, campaign: &Campaign) -> Result<CampaignView, CampaignError> {
        let shown = self.shown(campaign).await?;
        let headline = self.headlines(std::slice::from_ref(campaign)).await.into_iter().next().flatten();
        Ok(CampaignView::of(self, campaign, shown, headline))
    }

    /// Rows of the list; people of drafts only where they were counted lately.
    pub(crate) async fn rows(&self, campaigns: &[Campaign]) -> Result<Vec<CampaignRowView>, CampaignError> {
        let mut rows = Vec::with_capacity(campaigns.len());
        for (campaign, headline) in campaigns.iter().zip(self.headlines(campaigns).await) {
            let lately = match self.audience(&campaign.draft.whom).await {
                Ok(Some(audience)) => self.inner.lately.find(&audience.tree, self.today()).map(|people| people.len()),
                Ok(None) | Err(CampaignError::SegmentUnknown) => None,
                Err(error) => return Err(error),
            };
            let people = campaign.people.or(lately);
            rows.push(CampaignRowView::of(self, campaign, people, self.sent(campaign).await?, headline));
        }
        Ok(rows)
    }
}

impl CampaignRowView {
    fn of(engage: &Engage, campaign: &Campaign, people: Option<u64>, sent: u64, headline: Option<Phrase>) -> Self {
        Self {
            campaign_id: campaign.campaign_id.to_string(),
            name: campaign.draft.name.clone(),
            state: engage.state(campaign).into(),
            people,
            sent,
            control: campaign.control,
            scheduled_at: campaign.scheduled_at,
            started_at: campaign.started_at,
            day_n: engage.window(campaign).map(|window| window.day_n()),
            window_days: campaign.window_days,
            is_simulated: campaign.is_simulated,
            true_effect: campaign.true_effect,
            headline,
        }
    }
}

impl CampaignView {
    pub(crate) fn of(engage: &Engage, campaign: &Campaign, shown: Shown, headline: Option<Phrase>) -> Self {
        let (segment_id, tree) = match &campaign.draft.whom {
            Whom::Nobody => (None, None),
            Whom::Segment(id) => (Some(id.to_string()), None),
            Whom::Tree(tree) => (None, Some(tree.clone())),
        };
        Self {
            row: CampaignRowView::of(engage, campaign, shown.people, shown.sent, headline),
            segment_id,
            tree,
            segment_text: shown.segment_text,
            mail: campaign.draft.mail.clone(),
            holdout: campaign.draft.holdout,
            version: campaign.version,
            problems: shown.problems,
            warnings: engage.warnings(campaign),
        }
    }
}

/// Campaigns that ホーム shows at the most.
const HOME_ROWS: i64 = 5;

/// The newest campaigns as the list has them, for ホーム.
pub async fn campaign_rows(engage: &Engage) -> ApiResult<Vec<CampaignRowView>> {
    let campaigns = sql::page(&engage.reader(), None, HOME_ROWS).await?;
    Ok(engage.rows(&campaigns).await?)
}
