//! The door of the journal: checks, takes in, and says how each event fared.

use super::wire::{EVENT_BYTES_MAX, EventProblem, Ready, Reception, WireEvent, Withdrawal};
use bytes::Bytes;
use customers::identity::sql::find_user;
use history::{Lane, Positions};
use journal::{Journal, JournalError};
use records::{Actor, Records, RecordsError, Sql, values};
use serde_json::value::RawValue;
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};
use vocabulary::{Currency, SharedClock, event::EventKind};

/// Bounds of what is taken in.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Events of one request.
    pub batch_events_max: usize,
    /// Events that may wait for the pipeline before requests are asked to come later.
    pub lag_events_max: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { batch_events_max: 5_000, lag_events_max: 5_000_000 }
    }
}

/// Takes events into the journal of their lane.
#[derive(Clone)]
pub struct Intake {
    /// What happens now.
    pub live: Journal,
    /// What is older than a day.
    pub backfill: Journal,
    /// Where the pipeline stands.
    pub done: Arc<Done>,
    /// For withdrawals of consent.
    pub records: Records,
    /// The shop's clock.
    pub clock: SharedClock,
    /// The currency of all reports.
    pub reporting: Currency,
    /// Bounds.
    pub limits: Limits,
}

/// How far the pipeline is, for everyone to see.
#[derive(Debug, Default)]
pub struct Done {
    live: AtomicU64,
    backfill: AtomicU64,
}

impl Done {
    /// The positions.
    pub fn positions(&self) -> Positions {
        Positions { live: self.live.load(Ordering::Acquire), backfill: self.backfill.load(Ordering::Acquire) }
    }
    /// Moves one lane.
    pub fn set(&self, lane: Lane, position: u64) {
        match lane {
            Lane::Live => self.live.store(position, Ordering::Release),
            Lane::Backfill => self.backfill.store(position, Ordering::Release),
        }
    }
}

/// Why nothing of a request is taken.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// Too many events.
    #[error("a batch has at most {0} events")]
    TooMany(usize),
    /// Too much waits already.
    #[error("{0} events wait to be worked through")]
    Behind(u64),
    /// The disk.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The records.
    #[error(transparent)]
    Records(#[from] RecordsError),
}

/// How a request fared.
#[derive(Debug, Default)]
pub struct Taken {
    /// Events that are durable now.
    pub accepted: usize,
    /// Events that were not taken, by their place in the request.
    pub rejected: Vec<(usize, EventProblem)>,
}

impl Intake {
    /// Events that wait, on both lanes.
    pub fn lag(&self) -> Positions {
        let done = self.done.positions();
        Positions {
            live: self.live.end().saturating_sub(done.live),
            backfill: self.backfill.end().saturating_sub(done.backfill),
        }
    }

    /// Takes a batch: what can be read is durable when this returns, the rest is told.
    pub async fn take(
        &self,
        source: &str,
        path: Option<EventKind>,
        events: &[&RawValue],
    ) -> Result<Taken, IntakeError> {
        if events.len() > self.limits.batch_events_max {
            return Err(IntakeError::TooMany(self.limits.batch_events_max));
        }
        let waiting = self.lag();
        if waiting.live + waiting.backfill > self.limits.lag_events_max {
            return Err(IntakeError::Behind(waiting.live + waiting.backfill));
        }
        let received_at = self.clock.now();
        let reception = Reception { source, received_at, reporting: self.reporting };
        let (mut live, mut backfill, mut withdrawn, mut taken) = (Vec::new(), Vec::new(), Vec::new(), Taken::default());
        for (place, event) in events.iter().enumerate() {
            match read(event, path, &reception) {
                Ok(ready) => {
                    let lane = if ready.occurred_at < received_at.plus_days(-1) { &mut backfill } else { &mut live };
                    lane.push(Bytes::from(ready.payload));
                    withdrawn.extend(ready.withdrawn);
                }
                Err(problem) => taken.rejected.push((place, problem)),
            }
        }
        taken.accepted = live.len() + backfill.len();
        for (journal, payloads) in [(&self.live, live), (&self.backfill, backfill)] {
            if !payloads.is_empty() {
                journal.append(payloads).await?;
            }
        }
        self.withdraw(source, &withdrawn).await?;
        Ok(taken)
    }

    /// A no holds from this moment, before the pipeline has come to it.
    async fn withdraw(&self, source: &str, withdrawals: &[Withdrawal]) -> Result<(), IntakeError> {
        for Withdrawal { user_id, at } in withdrawals {
            let tx = self.records.begin(&Actor::System("collect"), "consent.withdraw").await?;
            if let Some(customer) = find_user(&tx, source, user_id).await? {
                // Not where a later yes is known. A yes that comes later lifts it (`customers::consents`).
                let sql = "INSERT INTO suppressions (address, reason, suppressed_at) SELECT c.email, 'withdrawn', $1 FROM customers c \
                           WHERE c.customer = $2 AND c.email IS NOT NULL AND NOT EXISTS (SELECT 1 FROM consents p \
                           WHERE p.customer = $2 AND p.channel = 'email' AND p.state = 'granted' AND p.stated_at > $1) \
                           ON CONFLICT (address) DO NOTHING";
                tx.execute(sql, values![at.micros(), i64::from(customer)]).await?;
            }
            tx.commit().await?;
        }
        Ok(())
    }
}

fn read(event: &RawValue, path: Option<EventKind>, reception: &Reception<'_>) -> Result<Ready, EventProblem> {
    let text = event.get();
    if text.len() > EVENT_BYTES_MAX {
        return Err(EventProblem::TooLarge(text.len()));
    }
    let wire: WireEvent<'_> = serde_json::from_str(text)?;
    wire.ready(path, reception)
}
