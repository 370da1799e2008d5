//! What the sender has in hand: messages that were claimed, and those on their way.

use super::{SenderLimits, capture::Addressed};
use crate::outbox::ClaimedMessage;
use std::{
    collections::{BTreeSet, HashMap, VecDeque},
    time::Duration,
};
use tokio::{
    task::{Id, JoinSet},
    time::Instant,
};
use uuid::Uuid;

/// How one message's way ended, for the sender itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Landing {
    /// The way to the server works, whatever became of this message.
    Fine,
    /// Not tried, or its end could not be written down.
    Nothing,
    /// The server, the settings or the sender are at fault.
    EveryonesFault { code: &'static str, sentence: String },
}

/// A message that is no longer on its way. Without a landing, its task broke off.
pub(super) struct Done {
    pub message: ClaimedMessage,
    pub landing: Option<Landing>,
}

#[derive(Default)]
pub(super) struct Flight {
    /// Claimed, and not started yet.
    pub waiting: VecDeque<Addressed>,
    tasks: JoinSet<Landing>,
    messages: HashMap<Id, (ClaimedMessage, Instant)>,
    /// Times in a row that everyone's fault was met.
    pub faults: u32,
    /// How long a mail takes of late, in seconds; none before the first one was done.
    usual_s: Option<f64>,
}

/// A mail that takes so many times as long as is usual has got stuck.
const STUCK_TIMES: f64 = 10.0;
/// Nothing is stuck before.
const STUCK_MIN: Duration = Duration::from_millis(500);
/// How much the newest mail counts in what is usual.
const NEWEST: f64 = 0.1;

impl Flight {
    /// How many more may start: `at_once_max` that move, beside those that have got stuck, and never more than
    /// `connections_max` in all. So a few recipients whose server falls silent stop nobody.
    pub fn room(&self, at_once_max: usize, limits: &SenderLimits) -> usize {
        let stuck_after = self.stuck_after(limits);
        let moving = self.messages.values().filter(|(_, since)| since.elapsed() < stuck_after).count();
        let free = limits.smtp.connections_max.max(1).saturating_sub(self.tasks.len());
        at_once_max.saturating_sub(moving).min(free)
    }

    /// By what is usual: with a server that takes a tenth of a second, nobody waits five for one that is silent; a
    /// server that is slow with everything is not asked more and more at once.
    fn stuck_after(&self, limits: &SenderLimits) -> Duration {
        let by_usual = self.usual_s.map(|usual| Duration::from_secs_f64(usual * STUCK_TIMES).max(STUCK_MIN));
        by_usual.map_or(limits.stuck_after, |by_usual| by_usual.min(limits.stuck_after))
    }

    /// Sends a message on its way.
    pub fn start(&mut self, message: ClaimedMessage, way: impl Future<Output = Landing> + Send + 'static) {
        let handle = self.tasks.spawn(way);
        self.messages.insert(handle.id(), (message, Instant::now()));
    }

    /// The next message that lands; none when nothing is on its way.
    pub async fn next(&mut self) -> Option<Done> {
        let (id, landing) = match self.tasks.join_next_with_id().await? {
            Ok((id, landing)) => (id, Some(landing)),
            Err(error) => (error.id(), None),
        };
        let (message, since) = self.messages.remove(&id)?;
        if landing == Some(Landing::Fine) {
            let took = since.elapsed().as_secs_f64().max(0.001);
            let usual = self.usual_s.map_or(took, |usual| usual + (took - usual).clamp(-usual, usual) * NEWEST);
            self.usual_s = Some(usual);
        }
        Some(Done { message, landing })
    }

    /// The claims that messages in hand belong to.
    pub fn claims(&self) -> Vec<Uuid> {
        let waiting = self.waiting.iter().map(|(message, _)| message.claim_id);
        let claims: BTreeSet<Uuid> =
            self.messages.values().map(|(message, _)| message.claim_id).chain(waiting).collect();
        claims.into_iter().collect()
    }
}
