//! What can go wrong with a figure, and what the caller is told.

use access::Problem;
use history::{Fault, HistoryError};
use records::RecordsError;
use segments::{everyone::EvaluationError, tree::TreeProblem};

/// Why there is no figure.
#[derive(Debug, thiserror::Error)]
pub enum InsightsError {
    /// The history failed.
    #[error(transparent)]
    History(#[from] HistoryError),
    /// The records failed.
    #[error(transparent)]
    Records(#[from] RecordsError),
    /// A reference to people cannot be read.
    #[error("`{0}` leads to no people")]
    Reference(String),
    /// Bands or cells that make no grid.
    #[error("the bands make no grid")]
    Bands(#[source] TreeProblem),
    /// A period that cannot be asked for.
    #[error("`{days}` days is not a period from 1 to {most}")]
    Days {
        /// What was asked for.
        days: i64,
        /// The longest that is answered.
        most: i64,
    },
    /// The answer that was waited for was given up.
    #[error("the computation was given up")]
    GivenUp,
}

impl From<EvaluationError> for InsightsError {
    fn from(error: EvaluationError) -> Self {
        match error {
            EvaluationError::Records(error) => Self::Records(error),
            EvaluationError::History(error) => Self::History(error),
            EvaluationError::Reference(reference) => Self::Reference(reference),
        }
    }
}

impl From<InsightsError> for EvaluationError {
    fn from(error: InsightsError) -> Self {
        match error {
            InsightsError::Records(error) => Self::Records(error),
            InsightsError::History(error) => Self::History(error),
            InsightsError::Reference(reference) => Self::Reference(reference),
            InsightsError::Bands(problem) => Self::Reference(problem.to_string()),
            InsightsError::Days { days, .. } => Self::Reference(format!("{days} days")),
            InsightsError::GivenUp => Self::Reference("computation given up".to_owned()),
        }
    }
}

impl From<InsightsError> for Problem {
    fn from(error: InsightsError) -> Self {
        match error {
            InsightsError::Records(error) => error.into(),
            InsightsError::History(error) => history_problem(&error),
            InsightsError::Reference(_) => Problem::unprocessable("people_unknown")
                .detail("This figure's people cannot be found.")
                .hint("Open the figure again and follow it from there."),
            InsightsError::Bands(problem) => Problem::unprocessable("bands_unfit")
                .detail(format!("These bands make no grid: {problem}."))
                .hint("Use rising whole numbers, at most 20 on each side; the lowest number of orders is 1 or more."),
            InsightsError::Days { most, .. } => Problem::unprocessable("days_unfit")
                .detail(format!("A period has 1 to {most} days."))
                .hint("Choose a shorter period."),
            InsightsError::GivenUp => Problem::unavailable("answer_given_up")
                .detail("The figure was not computed to its end.")
                .hint("Try again in a moment.")
                .retry_after(1),
        }
    }
}

fn history_problem(error: &HistoryError) -> Problem {
    match error.fault() {
        Fault::Load => {
            tracing::warn!(error = error as &(dyn std::error::Error + 'static), "a figure was not answered");
            Problem::unavailable("history_busy")
                .detail("The history is busy at the moment.")
                .hint("Try again in a moment.")
                .retry_after(2)
        }
        Fault::Caller | Fault::Storage | Fault::Program => Problem::from_cause(error),
    }
}
