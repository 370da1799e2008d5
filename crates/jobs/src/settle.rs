//! How a run ended: a pure decision from what the work returned and what it had been told.

use crate::{JobError, JobState, sql::Ending, work::Signals};
use std::time::Duration;
use tokio::task::JoinError;
use vocabulary::Timestamp;

/// What a run gave: the work's answer, or a panic.
pub(crate) type Outcome = Result<Result<serde_json::Value, JobError>, JoinError>;

/// The pause before the second attempt; it doubles with each.
const PAUSE: Duration = Duration::from_secs(2);
/// The longest pause between two attempts.
const PAUSE_MAX: Duration = Duration::from_secs(600);

/// The pause after so many attempts.
fn pause(attempts: u32) -> Duration {
    PAUSE.saturating_mul(1 << attempts.saturating_sub(1).min(16)).min(PAUSE_MAX)
}

/// The bounds of one run.
pub(crate) struct Run {
    pub attempts: u32,
    pub attempts_max: u32,
    pub now: Timestamp,
}

pub(crate) fn settle(outcome: Outcome, signals: &Signals, run: &Run) -> Ending {
    match outcome {
        Ok(Ok(result)) if signals.is_told() && signals.is_cancelled() => Ending { result: Some(result), ..cancelled() },
        Ok(Ok(_)) if signals.is_told() && signals.is_stopping() => released(run.now),
        Ok(Ok(result)) => Ending { result: Some(result), ..ending(JobState::Done) },
        Ok(Err(JobError::Failed { sentence, hint })) if !signals.is_cancelled() => failed(sentence, hint),
        Ok(Err(_)) if signals.is_cancelled() => cancelled(),
        Ok(Err(_)) if signals.is_stopping() => released(run.now),
        Ok(Err(JobError::Cancelled)) => cancelled(),
        Ok(Err(JobError::Retry { sentence, after })) => again(sentence, after, run),
        Ok(Err(JobError::Failed { sentence, hint })) => failed(sentence, hint),
        Err(_) if signals.is_cancelled() => cancelled(),
        Err(_) => again("The work broke off unexpectedly; the log holds the cause.".to_owned(), None, run),
    }
}

fn ending(state: JobState) -> Ending {
    Ending { state, error: None, hint: None, result: None, run_at: None, is_uncounted: false }
}

pub(crate) fn cancelled() -> Ending {
    ending(JobState::Cancelled)
}

/// Back into the queue as if this run had not been: Najimi shuts down.
pub(crate) fn released(now: Timestamp) -> Ending {
    Ending { run_at: Some(now), is_uncounted: true, ..ending(JobState::Queued) }
}

pub(crate) fn failed(sentence: String, hint: Option<String>) -> Ending {
    Ending { error: Some(sentence), hint, ..ending(JobState::Failed) }
}

fn again(sentence: String, after: Option<Duration>, run: &Run) -> Ending {
    if run.attempts >= run.attempts_max {
        return failed(
            sentence,
            Some(format!("It was tried {} times. Start it again when the cause is mended.", run.attempts)),
        );
    }
    let after = after.unwrap_or_else(|| pause(run.attempts));
    let run_at = run.now.plus_seconds(i64::try_from(after.as_secs()).unwrap_or(i64::MAX / 2_000_000));
    Ending { error: Some(sentence), run_at: Some(run_at), ..ending(JobState::Queued) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUN: Run = Run { attempts: 3, attempts_max: 10, now: Timestamp::from_micros(0) };

    fn retry() -> Outcome {
        Ok(Err(JobError::retry("The mail server is away.")))
    }

    #[test]
    fn the_pause_doubles_up_to_ten_minutes() {
        let seconds: Vec<u64> = [1, 2, 3, 9, 10, 40].map(|attempts| pause(attempts).as_secs()).into();
        assert_eq!(seconds, [2, 4, 8, 512, 600, 600]);
    }

    #[test]
    fn a_retry_waits_and_the_last_one_fails() {
        let ending = settle(retry(), &Signals::default(), &RUN);
        assert_eq!((ending.state, ending.run_at), (JobState::Queued, Some(Timestamp::from_micros(8_000_000))));
        let ending = settle(retry(), &Signals::default(), &Run { attempts: 10, ..RUN });
        assert_eq!((ending.state, ending.error.as_deref()), (JobState::Failed, Some("The mail server is away.")));
    }

    #[test]
    fn a_work_that_ended_before_it_was_told_is_done() {
        let signals = Signals::default();
        signals.cancel();
        assert_eq!(settle(Ok(Ok(7.into())), &signals, &RUN).state, JobState::Done);
        assert_eq!(settle(retry(), &signals, &RUN).state, JobState::Cancelled);
    }

    #[test]
    fn a_failure_during_a_shutdown_stays_a_failure() {
        let signals = Signals::default();
        signals.stop();
        assert_eq!(
            settle(Ok(Err(JobError::failed("No such file.", "Upload it."))), &signals, &RUN).state,
            JobState::Failed
        );
        let ending = settle(retry(), &signals, &RUN);
        assert_eq!((ending.state, ending.is_uncounted), (JobState::Queued, true));
    }
}
