//! The sender: takes what is queued, prints it, and hands it to a mail server or keeps it.
//!
//! Invariant: what goes on the wire was marked `handed` in a durable commit before, and that commit asked once more
//! whether it may go (kept by `courier`; shown in `tests/it/sending.rs` and `tests/it/crash.rs`).

mod capture;
mod courier;
mod flight;
mod ledger;
mod present;
mod print;
mod trial;
pub(crate) mod trouble;

pub(crate) use print::{Kept, Printed, Printer, system_time};
pub(crate) use trial::{Trial, hand_over, try_out};

use crate::{Channels, mail::SmtpLimits, outbox, pause};
use flight::Flight;
use ledger::Ledger;
use present::Present;
use records::{Actor, RecordsResult};
use std::{sync::Arc, time::Duration};
use tokio::{sync::watch, time};
use uuid::Uuid;
use vocabulary::Timestamp;

/// Who the sender's changes belong to.
const SENDER: Actor = Actor::System("sender");
/// How long messages are held without a sign of life, by the wall clock.
const LEASE_SECONDS: i64 = 15;
/// How often leases are renewed, and those of others that ran out are looked for.
const KEEP_EVERY: Duration = Duration::from_secs(4);
/// How long to wait after a failure of the records.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_millis(500);

/// How much at a time.
#[derive(Clone, Copy, Debug)]
pub struct SenderLimits {
    /// Mails on their way at the same time.
    pub at_once_max: usize,
    /// A mail that the server has not answered for so long makes room for another one at the latest, while there are
    /// connections left (`smtp.connections_max`); earlier where mails usually take much less.
    pub stuck_after: Duration,
    /// Messages that are claimed together.
    pub group_max: u32,
    /// Mails that are kept in one commit.
    pub captures_max: u32,
    /// How often an idle sender looks for work.
    pub look_every: Duration,
    /// How long the end of the program waits for mails on the wire.
    pub grace: Duration,
    /// Of each connection.
    pub smtp: SmtpLimits,
}

impl Default for SenderLimits {
    fn default() -> Self {
        let smtp = SmtpLimits { connections_max: 32, ..SmtpLimits::default() };
        let (look_every, grace, stuck_after) =
            (Duration::from_millis(500), Duration::from_secs(20), Duration::from_secs(5));
        Self { at_once_max: 8, stuck_after, group_max: 100, captures_max: 200, look_every, grace, smtp }
    }
}

/// Sends what is queued. One of them runs in the program; a second one would send nothing twice.
pub struct Sender {
    channels: Channels,
    limits: SenderLimits,
    flight: Flight,
    ledger: Ledger,
    present: Option<Present>,
    /// Whose turn it is among the sendings that run.
    turn: usize,
}

impl Sender {
    /// A sender for these channels.
    pub fn new(channels: Channels, limits: SenderLimits) -> Self {
        let ledger = Ledger::start(channels.clone());
        Self { channels, limits, flight: Flight::default(), ledger, present: None, turn: 0 }
    }

    /// Sends until `shutdown` becomes true, then lets what is on the wire come to its end.
    pub async fn run(mut self, mut shutdown: watch::Receiver<bool>) {
        let channels = self.channels.clone();
        let mut keep = time::interval(KEEP_EVERY);
        loop {
            let is_busy = match self.step().await {
                Ok(is_busy) => is_busy,
                Err(error) => {
                    tracing::warn!(error = &error as &dyn std::error::Error, "sending paused: the records failed");
                    time::sleep(PAUSE_AFTER_FAILURE).await;
                    false
                }
            };
            let look = if is_busy { Duration::ZERO } else { self.limits.look_every };
            tokio::select! {
                () = told_to_end(&mut shutdown) => break,
                _ = keep.tick() => self.keep_leases().await,
                Some(done) = self.flight.next() => self.land(done).await,
                () = channels.inner.wake.notified(), if !is_busy => {}
                () = time::sleep(look) => {}
            }
        }
        self.stop().await;
    }

    /// Sends what is due to the end and tells whether anything was done. For tests, the command line and measuring.
    pub async fn drain(&mut self) -> RecordsResult<bool> {
        let mut was_busy = false;
        loop {
            let is_busy = self.step().await?;
            tokio::select! {
                done = self.flight.next() => match done {
                    Some(done) => self.land(done).await,
                    None if !is_busy => return Ok(was_busy),
                    None => {}
                },
                () = time::sleep(self.limits.look_every) => {}
            }
            was_busy = true;
        }
    }

    /// Takes care of messages that a program which ended has left in hand.
    pub async fn recover(&self) -> RecordsResult<usize> {
        self.recover_as_of(self.channels.wall_now()).await
    }

    /// Takes over what a program that died has left in hand, without waiting for its leases. Only for the one process
    /// that holds the data folder, before it sends.
    pub async fn take_over(&self) -> RecordsResult<usize> {
        self.recover_as_of(Timestamp::from_micros(i64::MAX)).await
    }

    async fn recover_as_of(&self, wall_now: Timestamp) -> RecordsResult<usize> {
        let tx = self.channels.inner.records.begin(&SENDER, "messages.recover").await?;
        let at = self.ledger.moment(&tx).await?;
        let count = outbox::recover(&tx, wall_now, at).await?;
        tx.commit().await?;
        if count > 0 {
            tracing::warn!(count, "took care of messages that were in hand when a sender ended");
        }
        Ok(count)
    }

    /// One round: claims and starts as much as there is room for. True when there may be more at once.
    async fn step(&mut self) -> RecordsResult<bool> {
        if pause::read(&self.channels.inner.records.reader()).await?.is_some() {
            self.release_waiting().await;
            return Ok(false);
        }
        let Some(present) = Present::look(&self.channels, self.present.take(), &self.limits).await? else {
            return Ok(false);
        };
        let is_capture = present.transport.is_none();
        self.present = Some(present.clone());
        if is_capture { self.capture(&present).await } else { self.send(&present).await }
    }

    /// The sendings that run, each in its turn the first.
    async fn running(&mut self) -> RecordsResult<Vec<Uuid>> {
        let mut running = outbox::running(&self.channels.inner.records.reader()).await?;
        if !running.is_empty() {
            self.turn = (self.turn + 1) % running.len();
            running.rotate_left(self.turn);
        }
        Ok(running)
    }

    async fn keep_leases(&mut self) {
        if let Err(error) = self.renew().await {
            tracing::warn!(error = &error as &dyn std::error::Error, "leases of messages could not be renewed");
        }
        if let Err(error) = self.recover().await {
            tracing::warn!(error = &error as &dyn std::error::Error, "messages left in hand could not be looked for");
        }
    }

    async fn renew(&self) -> RecordsResult<()> {
        let claims = self.flight.claims();
        if claims.is_empty() {
            return Ok(());
        }
        let tx = self.channels.inner.records.begin(&SENDER, "messages.renew").await?;
        outbox::renew(&tx, &claims, self.channels.wall_now().plus_seconds(LEASE_SECONDS)).await?;
        tx.commit().await
    }

    async fn stop(mut self) {
        self.release_waiting().await;
        let deadline = time::sleep(self.limits.grace);
        tokio::pin!(deadline);
        loop {
            tokio::select! {
                () = &mut deadline => break,
                done = self.flight.next() => match done {
                    Some(done) => self.land(done).await,
                    None => break,
                },
            }
        }
        if let Some(transport) = self.present.and_then(|present| present.transport) {
            transport.close().await;
        }
    }
}

async fn told_to_end(shutdown: &mut watch::Receiver<bool>) {
    let _ = shutdown.wait_for(|is_shutdown| *is_shutdown).await;
}

/// Shared between the tasks of one round.
type SharedPresent = Arc<present::Fixed>;
