//! What can go wrong with a campaign, and what the caller is told.

use super::CampaignState;
use access::Problem;
use channels::{
    contents::ContentError,
    mail::{MailError, RenderError},
};
use history::{Fault, HistoryError};
use records::RecordsError;
use segments::{everyone::EvaluationError, tree::TreeProblem};

/// Why something cannot be done with a campaign.
#[derive(Debug, thiserror::Error)]
pub enum CampaignError {
    /// There is no such thing.
    #[error("there is no such {0}")]
    Unknown(&'static str),
    /// Somebody else changed it meanwhile.
    #[error("the campaign was changed meanwhile")]
    Changed,
    /// Not in this state.
    #[error("a campaign that is `{name}` cannot be {action}", name = state.name())]
    State {
        /// Where it stands.
        state: CampaignState,
        /// What was wanted.
        action: &'static str,
    },
    /// A name that cannot be saved.
    #[error("a name has 1 to {letters_max} letters")]
    Name {
        /// The longest name.
        letters_max: usize,
    },
    /// A share that cannot be held back.
    #[error("the comparison group is 0 to {most} of the people")]
    Holdout {
        /// The largest share.
        most: f64,
    },
    /// Conditions that cannot be meant.
    #[error(transparent)]
    Segment(TreeProblem),
    /// A saved segment that is not there.
    #[error("there is no such segment")]
    SegmentUnknown,
    /// A saved segment and conditions at once.
    #[error("a campaign goes to a segment or to conditions, not to both")]
    SegmentTwice,
    /// More than is kept.
    #[error("the mail is larger than {bytes_max} bytes")]
    MailTooLarge {
        /// The largest.
        bytes_max: usize,
    },
    /// A time at which nothing can be sent.
    #[error("the time must lie ahead, at most {days_max} days")]
    Time {
        /// How far ahead.
        days_max: i64,
    },
    /// Something stands in the way of sending.
    #[error("{} problems stand in the way of sending", .0.len())]
    Problems(Vec<Problem>),
    /// A key that cannot be one.
    #[error("an idempotency key has 1 to {letters_max} visible ASCII letters")]
    Key {
        /// The longest key.
        letters_max: usize,
    },
    /// The same key with another request.
    #[error("the idempotency key was used for another request")]
    KeyReused,
    /// Nothing was sent, so there is nothing to tell.
    #[error("the campaign was not sent")]
    NotSent,
    /// Too many.
    #[error("there are {max} campaigns, the most that are kept")]
    TooMany {
        /// The most.
        max: i64,
    },
    /// The mail cannot be read.
    #[error(transparent)]
    Mail(#[from] MailError),
    /// The mail cannot be printed.
    #[error(transparent)]
    Render(#[from] RenderError),
    /// A reference that leads to nobody.
    #[error("`{0}` leads to no people")]
    Reference(String),
    /// The history failed.
    #[error(transparent)]
    History(#[from] HistoryError),
    /// The records failed.
    #[error(transparent)]
    Records(#[from] RecordsError),
    /// A computation was given up.
    #[error("the computation was given up")]
    GivenUp,
}

impl From<EvaluationError> for CampaignError {
    fn from(error: EvaluationError) -> Self {
        match error {
            EvaluationError::Records(error) => Self::Records(error),
            EvaluationError::History(error) => Self::History(error),
            EvaluationError::Reference(reference) => Self::Reference(reference),
        }
    }
}

impl From<ContentError> for CampaignError {
    fn from(error: ContentError) -> Self {
        match error {
            ContentError::Mail(error) => Self::Mail(error),
            ContentError::Records(error) => Self::Records(error),
        }
    }
}

impl From<CampaignError> for EvaluationError {
    fn from(error: CampaignError) -> Self {
        match error {
            CampaignError::Records(error) => Self::Records(error),
            CampaignError::History(error) => Self::History(error),
            other => Self::Reference(other.to_string()),
        }
    }
}

impl From<CampaignError> for Problem {
    fn from(error: CampaignError) -> Self {
        match error {
            CampaignError::Unknown(what) => Problem::unknown(what),
            CampaignError::Changed => Problem::conflict("campaign_changed")
                .detail("Somebody else changed this campaign meanwhile.")
                .hint("Load it again, then make your change once more."),
            CampaignError::State { state, action } => Problem::conflict("campaign_state")
                .detail(format!("A campaign that is `{}` cannot be {action}.", state.name()))
                .hint("Load it again to see where it stands."),
            CampaignError::Name { letters_max } => Problem::unprocessable("name_unfit")
                .detail(format!("A name has 1 to {letters_max} letters on one line.")),
            CampaignError::Holdout { most } => Problem::unprocessable("holdout_unfit")
                .detail(format!("The comparison group is a share from 0 to {most}."))
                .hint("0.1 keeps one of ten people."),
            CampaignError::Segment(problem) => {
                Problem::unprocessable("segment_invalid").detail(format!("These people cannot be chosen: {problem}."))
            }
            CampaignError::SegmentUnknown => Problem::unprocessable("segment_unknown")
                .detail("There is no such segment.")
                .hint("Choose another one; this one may have been deleted."),
            CampaignError::SegmentTwice => Problem::unprocessable("segment_twice")
                .detail("A campaign goes to a saved segment or to conditions of its own, not to both.")
                .hint("Leave out `segment_id` or `tree`."),
            CampaignError::MailTooLarge { bytes_max } => Problem::unprocessable("mail_too_large")
                .detail(format!("The mail is larger than {bytes_max} bytes."))
                .hint("Shorten it. Pictures are linked, not put inside."),
            CampaignError::Time { days_max } => Problem::unprocessable("send_time_unfit")
                .detail(format!("The time of sending must lie ahead, at most {days_max} days.")),
            CampaignError::Problems(problems) => Problem::unprocessable("campaign_not_ready")
                .detail(sentences(&problems))
                .hint("Open the campaign and mend what is listed there."),
            CampaignError::Key { letters_max } => Problem::bad_request("idempotency_key_unfit")
                .detail(format!("`Idempotency-Key` has 1 to {letters_max} visible ASCII letters.")),
            CampaignError::KeyReused => Problem::unprocessable("idempotency_key_reused")
                .detail("This `Idempotency-Key` was used for another request.")
                .hint("Use a new key for a new request."),
            CampaignError::NotSent => Problem::conflict("campaign_not_sent")
                .detail("This campaign was not sent, so there is no result.")
                .hint("Send it first."),
            CampaignError::TooMany { max } => Problem::conflict("too_many_kept")
                .detail(format!("There are {max} campaigns already, the most that are kept."))
                .hint("Delete drafts that are not needed any more."),
            CampaignError::Mail(error) => super::problems::of_mail_error(&error),
            CampaignError::Render(error) => super::problems::of_render_error(&error),
            CampaignError::Reference(_) => Problem::unprocessable("people_unknown")
                .detail("This figure's people cannot be found.")
                .hint("Open the figure again and follow it from there."),
            CampaignError::History(error) => history_problem(&error),
            CampaignError::Records(error) => error.into(),
            CampaignError::GivenUp => Problem::unavailable("answer_given_up")
                .detail("The figure was not computed to its end.")
                .hint("Try again in a moment.")
                .retry_after(1),
        }
    }
}

fn sentences(problems: &[Problem]) -> String {
    problems.iter().map(Problem::sentence).collect::<Vec<_>>().join(" ")
}

fn history_problem(error: &HistoryError) -> Problem {
    match error.fault() {
        Fault::Load => {
            tracing::warn!(error = error as &(dyn std::error::Error + 'static), "a campaign's figure was not answered");
            Problem::unavailable("history_busy")
                .detail("The history is busy at the moment.")
                .hint("Try again in a moment.")
                .retry_after(2)
        }
        Fault::Caller | Fault::Storage | Fault::Program => Problem::from_cause(error),
    }
}
