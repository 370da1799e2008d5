//! A campaign and what may be done with it, as pure rules.
//!
//! `draft → scheduled → sending ⇄ paused → measuring → finished`; `stopped` from every state in which something may
//! still leave. Finished is no event: it is measuring whose window has passed.

use super::{CampaignError, Mail};
use segments::tree::SegmentTree;
use vocabulary::{
    Timestamp,
    id::{CampaignId, SegmentId},
};

/// Days in which orders are counted.
pub(crate) const WINDOW_DAYS: u32 = 28;
/// The share that is held back unless somebody chooses another.
pub(crate) const HOLDOUT: f64 = 0.1;
/// The largest share that may be held back.
const HOLDOUT_MAX: f64 = 0.9;
/// Letters of a campaign's name.
const NAME_LETTERS_MAX: usize = 120;
/// How far ahead a sending may be set.
const AHEAD_DAYS_MAX: i64 = 366;

/// Where a campaign stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CampaignState {
    /// Being written.
    Draft,
    /// Waits for its time.
    Scheduled,
    /// Messages leave.
    Sending,
    /// Nothing leaves for now.
    Paused,
    /// Nothing leaves any more.
    Stopped,
    /// Everything has left; orders are counted.
    Measuring,
    /// The window has passed.
    Finished,
}

impl CampaignState {
    const ALL: [Self; 7] =
        [Self::Draft, Self::Scheduled, Self::Sending, Self::Paused, Self::Stopped, Self::Measuring, Self::Finished];

    /// The name in the table and in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Scheduled => "scheduled",
            Self::Sending => "sending",
            Self::Paused => "paused",
            Self::Stopped => "stopped",
            Self::Measuring => "measuring",
            Self::Finished => "finished",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// Who ended a sending before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StopReason {
    /// A person.
    Operator,
    /// The harm line.
    Harm,
}

impl StopReason {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::Harm => "harm",
        }
    }
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Operator, Self::Harm].into_iter().find(|reason| reason.name() == name)
    }
}

/// To whom a campaign goes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Whom {
    /// Not said yet.
    Nobody,
    /// The people of a saved segment, as it is when the campaign starts.
    Segment(SegmentId),
    /// The people of a tree of its own.
    Tree(SegmentTree),
}

/// What a writer may change.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Draft {
    pub name: String,
    pub whom: Whom,
    pub mail: Mail,
    /// The share that is held back for comparison, as a fraction.
    pub holdout: f64,
}

impl Draft {
    /// Refuses what can never be saved; what only stands in the way of sending is told elsewhere.
    pub fn check(&self) -> Result<(), CampaignError> {
        let letters = self.name.trim().chars().count();
        if letters == 0 || letters > NAME_LETTERS_MAX || self.name.chars().any(char::is_control) {
            return Err(CampaignError::Name { letters_max: NAME_LETTERS_MAX });
        }
        if !(0.0..=HOLDOUT_MAX).contains(&self.holdout) {
            return Err(CampaignError::Holdout { most: HOLDOUT_MAX });
        }
        if let Whom::Tree(tree) = &self.whom {
            tree.check().map_err(CampaignError::Segment)?;
        }
        self.mail.check_size()
    }
}

/// A campaign.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Campaign {
    pub campaign_id: CampaignId,
    pub state: CampaignState,
    pub draft: Draft,
    /// The people in words, as they were when they were drawn.
    pub segment_text: Option<String>,
    /// Counts changes, so that nobody overwrites what somebody else wrote meanwhile.
    pub version: i64,
    pub scheduled_at: Option<Timestamp>,
    /// When the people were drawn.
    pub started_at: Option<Timestamp>,
    pub window_days: u32,
    /// People of the segment when they were drawn.
    pub people: Option<u64>,
    pub treated: u64,
    pub control: u64,
    /// Messages that a server took or that were kept, as last counted.
    pub sent: u64,
    /// Everybody of the treated arm is in the outbox.
    pub is_queued: bool,
    /// Nothing leaves any more, and `sent` is final.
    pub is_settled: bool,
    pub stop_reason: Option<StopReason>,
    pub is_simulated: bool,
    pub true_effect: Option<f64>,
    pub created_at: Timestamp,
}

impl Campaign {
    /// A new draft.
    pub fn new(draft: Draft, now: Timestamp) -> Self {
        Self {
            campaign_id: CampaignId::new(now),
            state: CampaignState::Draft,
            draft,
            segment_text: None,
            version: 1,
            scheduled_at: None,
            started_at: None,
            window_days: WINDOW_DAYS,
            people: None,
            treated: 0,
            control: 0,
            sent: 0,
            is_queued: false,
            is_settled: false,
            stop_reason: None,
            is_simulated: false,
            true_effect: None,
            created_at: now,
        }
    }

    /// Changes a draft that is still at the version that the writer has seen.
    pub fn change(&mut self, draft: Draft, version: i64) -> Result<(), CampaignError> {
        self.is_draft_at(version)?;
        self.draft = draft;
        self.version += 1;
        Ok(())
    }

    /// Whether it is a draft that nobody has changed meanwhile.
    pub fn is_draft_at(&self, version: i64) -> Result<(), CampaignError> {
        self.is_in(&[CampaignState::Draft], "changed")?;
        if self.version == version { Ok(()) } else { Err(CampaignError::Changed) }
    }

    /// Sends now or at a time.
    pub fn send(&mut self, at: Option<Timestamp>, version: i64, now: Timestamp) -> Result<(), CampaignError> {
        self.is_draft_at(version)?;
        if at.is_some_and(|at| at <= now || at > now.plus_days(AHEAD_DAYS_MAX)) {
            return Err(CampaignError::Time { days_max: AHEAD_DAYS_MAX });
        }
        self.scheduled_at = at;
        self.state = if at.is_some() { CampaignState::Scheduled } else { CampaignState::Sending };
        self.version += 1;
        Ok(())
    }

    /// A scheduled sending whose time has come begins.
    pub fn begin(&mut self, now: Timestamp) -> bool {
        let is_due = self.state == CampaignState::Scheduled && self.scheduled_at.is_none_or(|at| at <= now);
        if is_due {
            self.state = CampaignState::Sending;
        }
        is_due
    }

    /// Lets nothing leave for now.
    pub fn pause(&mut self) -> Result<(), CampaignError> {
        self.is_in(&[CampaignState::Scheduled, CampaignState::Sending], "paused")?;
        self.state = CampaignState::Paused;
        Ok(())
    }

    /// Goes on where it was paused: one that waited for its time waits again.
    pub fn resume(&mut self) -> Result<(), CampaignError> {
        self.is_in(&[CampaignState::Paused], "resumed")?;
        let waits = self.started_at.is_none() && self.scheduled_at.is_some();
        self.state = if waits { CampaignState::Scheduled } else { CampaignState::Sending };
        Ok(())
    }

    /// Lets nothing leave any more.
    pub fn stop(&mut self, reason: StopReason) -> Result<(), CampaignError> {
        self.is_in(&[CampaignState::Scheduled, CampaignState::Sending, CampaignState::Paused], "stopped")?;
        self.state = CampaignState::Stopped;
        self.stop_reason = Some(reason);
        self.is_settled = self.started_at.is_none();
        Ok(())
    }

    /// Everything has left: from now on only orders are counted.
    pub fn settle(&mut self, sent: u64) {
        self.is_settled = true;
        self.sent = sent;
        if matches!(self.state, CampaignState::Sending | CampaignState::Paused) {
            self.state = CampaignState::Measuring;
        }
    }

    /// Nothing could be sent as it is written: back to its writer.
    pub fn give_back(&mut self) {
        self.state = CampaignState::Draft;
        self.scheduled_at = None;
        self.version += 1;
    }

    fn is_in(&self, allowed: &[CampaignState], action: &'static str) -> Result<(), CampaignError> {
        if allowed.contains(&self.state) { Ok(()) } else { Err(CampaignError::State { state: self.state, action }) }
    }
}
